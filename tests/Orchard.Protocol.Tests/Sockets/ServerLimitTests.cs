using System.Buffers;
using System.Collections.Concurrent;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

/// <summary>What many connections together may cost a server.</summary>
public class ServerLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pull_UnfinishedMessagesOfManyPeers_TheOneThatHasWaitedLongestIsClosedAndItsMemoryGivenBack()
    {
        var budget = new ReceiveBudget(1_000_000);
        var received = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pull = new PullSocket(
            message =>
            {
                received.TrySetResult(message.Length);
                return ValueTask.CompletedTask;
            },
            SpOptions.Default with { ReceiveBudget = budget });
        using var idle = new RawPeer();
        using var busy = new RawPeer();
        Task<ConnectionEnd> idleEnd = pull.ServeAsync(idle.Ours, Cancellation);
        Task<ConnectionEnd> busyEnd = pull.ServeAsync(busy.Ours, Cancellation);
        byte[] frame = RawPeer.Frame(new byte[900_000]);
        await idle.NegotiateAsync(SpProtocol.Push);
        await busy.NegotiateAsync(SpProtocol.Push);

        await idle.WriteAsync(frame[..600_000]);
        await UntilAsync(() => budget.Total >= 600_000).Within("the idle peer's part of its message");
        await busy.WriteAsync(frame);

        Assert.Equal(900_000, await received.Task.Within("the whole message"));
        Assert.Equal(ConnectionEndReason.Violated, (await idleEnd.Within("the end of the idle peer")).Reason);
        busy.Close();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await busyEnd.Within("the end of the other peer")).Reason);
        Assert.Equal(0, budget.Total);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Delay(1, Cancellation);
        }
    }

    [Fact]
    public async Task Pull_ManyConnections_OnlyTheFirstFewHaveThreadsOfTheirOwn()
    {
        using var folder = new SocketFolder();
        var onOwnThread = new ConcurrentQueue<bool>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        const int Connections = PullSocket.MaxOwnThreads * 3;
        var pull = new PullSocket(
            _ =>
            {
                onOwnThread.Enqueue(OwnThread.IsCurrent);
                if (onOwnThread.Count == Connections)
                {
                    all.TrySetResult();
                }

                return ValueTask.CompletedTask;
            },
            SpOptions.Default);
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.File("pull"), pull);
        var pushes = new List<PushSocket>();
        for (int i = 0; i < Connections; i++)
        {
            pushes.Add(await PushSocket.OpenAsync(await UnixSocket.ConnectAsync(folder.File("pull"), Cancellation), SpOptions.Default, Cancellation));
        }

        foreach (PushSocket push in pushes)
        {
            await push.SendAsync(RawPeer.Bytes("message"), Cancellation).Within("a send");
        }

        await all.Task.Within("every message");
        Assert.True(onOwnThread.Count(own => own) <= PullSocket.MaxOwnThreads, $"{onOwnThread.Count(own => own)} connections have a thread.");
        foreach (PushSocket push in pushes)
        {
            await push.DisposeAsync();
        }
    }
}
