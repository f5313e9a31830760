using System.Diagnostics;
using Orchard.Connection.Transport;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

public sealed class DeltaQueueTests
{
    private readonly DeltaQueue _queue = new();

    [Fact]
    public async Task Wait_SomethingThere_IsOverAtOnce()
    {
        _queue.TryWrite(Delta("a"));
        ValueTask<bool> wait = _queue.WaitToReadAsync(CancellationToken.None);

        Assert.True(wait.IsCompletedSuccessfully);
        Assert.True(await wait);
    }

    [Fact]
    public async Task Wait_Cancelled_ThrowsAndLaterDeltasAreStillRead()
    {
        using var cancel = new CancellationTokenSource();
        Task<bool> wait = _queue.WaitToReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => wait.OrBroken("the cancelled wait"));

        Task<string> reading = ReadAllAsync();
        _queue.TryWrite(Delta("a"));
        _queue.TryWrite(Delta("b"));
        _queue.Close();

        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        Assert.Equal("ab", await reading.OrBroken("the deltas after it"));
    }

    [Fact]
    public async Task Wait_CancelledBefore_Throws()
    {
        _queue.TryWrite(Delta("a"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _queue.WaitToReadAsync(new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task Close_WithError_IsHeardAfterWhatWasWritten()
    {
        var error = new InvalidOperationException("gone");
        _queue.TryWrite(Delta("a"));
        _queue.Close(error);
        _queue.Close();

        Assert.False(_queue.TryWrite(Delta("too late")));
        Assert.True(await _queue.WaitToReadAsync(CancellationToken.None));
        Assert.True(_queue.TryRead(out _));
        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => _queue.WaitToReadAsync(CancellationToken.None).AsTask()));
        Assert.True(_queue.Closed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Close_WithErrorWhileWaiting_EndsTheWait()
    {
        var error = new InvalidOperationException("gone");
        Task<bool> wait = _queue.WaitToReadAsync(CancellationToken.None).AsTask();
        _queue.Close(error);

        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => wait.OrBroken("the wait")));
    }

    // The framework's channel now and then leaves its Completion open when the last read meets the close. They meet as often as the machine
    // allows for a second.
    [Fact]
    public async Task Close_AsTheLastIsRead_AlwaysEndsTheReader()
    {
        const int Queues = 20_000;
        DeltaQueue[] queues = [.. Enumerable.Range(0, Queues).Select(_ => new DeltaQueue())];
        ResponseDelta delta = Delta("a");
        int turn = -1;
        Task writing = Task.Run(() =>
        {
            for (int i = 0; IsTurn(i); i++)
            {
                queues[i].TryWrite(delta);
                queues[i].Close();
            }
        });

        try
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Queues && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1); i++)
            {
                Volatile.Write(ref turn, i);
                var spin = default(SpinWait);
                while (!queues[i].TryRead(out _))
                {
                    Assert.False(writing.IsFaulted, "The writer failed.");
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                while (await queues[i].WaitToReadAsync(CancellationToken.None).AsTask().OrBroken("the end of a queue"))
                {
                    Assert.False(queues[i].TryRead(out _));
                }
            }
        }
        finally
        {
            Volatile.Write(ref turn, int.MaxValue);
            await writing.OrBroken("the writer");
        }

        bool IsTurn(int i)
        {
            var spin = default(SpinWait);
            while (Volatile.Read(ref turn) < i)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            return Volatile.Read(ref turn) != int.MaxValue;
        }
    }

    private Task<string> ReadAllAsync() => ReadAllAsync(_queue);

    private static async Task<string> ReadAllAsync(DeltaQueue queue)
    {
        string text = "";
        while (await queue.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (queue.TryRead(out ResponseDelta? delta))
            {
                text += delta.Content;
            }
        }

        return text;
    }

    private static ResponseDelta Delta(string content) => new() { RequestId = 1, Content = content };
}
