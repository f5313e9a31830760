using System.Buffers;
using System.Collections.Concurrent;
using Nerdbank.Streams;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

/// <summary>PUSH and PULL, and what all protocols share: framing, order, and the end of connections.</summary>
public class PipelineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(64 * 1024)]
    [InlineData(1024 * 1024)]
    [InlineData(16 * 1024 * 1024)]
    public async Task PushToPull_AnySize_ArrivesWhole(int size)
    {
        (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pull = new PullSocket(Collect, SpOptions.Default);
        Task<ConnectionEnd> served = pull.ServeAsync(theirs, Cancellation);
        await using PushSocket push = await PushSocket.OpenAsync(ours, SpOptions.Default, Cancellation);
        byte[] message = new byte[size];
        new Random(size).NextBytes(message);

        await push.SendAsync(InPieces(message), Cancellation).Within("the send");

        byte[] arrived = await received.Task.Within("the message");
        Assert.True(message.AsSpan().SequenceEqual(arrived));
        await push.DisposeAsync();
        Assert.Equal(new ConnectionEnd(ConnectionEndReason.PeerClosed), await served.Within("the end of the connection"));

        ValueTask Collect(ReadOnlySequence<byte> bytes)
        {
            received.SetResult(bytes.ToArray());
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Push_ManySendersAtOnce_EveryMessageArrivesOnceAndWhole()
    {
        (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
        var received = new ConcurrentBag<string>();
        var pull = new PullSocket(
            message =>
            {
                received.Add(RawPeer.Text(message));
                return ValueTask.CompletedTask;
            },
            SpOptions.Default);
        Task<ConnectionEnd> served = pull.ServeAsync(theirs, Cancellation);
        await using PushSocket push = await PushSocket.OpenAsync(ours, SpOptions.Default, Cancellation);
        string[] messages = [.. Enumerable.Range(0, 400).Select(i => $"{i}:{new string('x', i * 37)}")];

        await Parallel.ForEachAsync(messages, Cancellation, async (message, token) => await push.SendAsync(RawPeer.Bytes(message), token));
        await push.DisposeAsync();
        await served.Within("the end of the connection");

        Assert.Equal(messages.Order(), received.Order());
    }

    [Fact]
    public async Task Pull_FrameSplitAtEveryByte_HandsOverEachMessageOnce()
    {
        byte[] frames = [.. RawPeer.Frame("one"), .. RawPeer.Frame(""), .. RawPeer.Frame("three")];
        for (int at = 0; at <= frames.Length; at++)
        {
            using var peer = new RawPeer();
            (Task<ConnectionEnd> served, List<string> received) = Serve(peer, SpOptions.Default);
            await peer.NegotiateAsync(SpProtocol.Push);

            await peer.WriteSplitAsync(frames, at);
            peer.Close();

            Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within($"the end, split at {at}")).Reason);
            Assert.Equal(["one", "", "three"], received);
        }
    }

    [Fact]
    public async Task Pull_StreamCutAtEveryByteInsideAFrame_ReportsTorn()
    {
        byte[] frame = RawPeer.Frame("hello");
        for (int cut = 1; cut < frame.Length; cut++)
        {
            using var peer = new RawPeer();
            (Task<ConnectionEnd> served, List<string> received) = Serve(peer, SpOptions.Default);
            await peer.NegotiateAsync(SpProtocol.Push);

            await peer.WriteAsync([.. RawPeer.Frame("whole"), .. frame[..cut]]);
            peer.Close();

            ConnectionEnd end = await served.Within($"the end, cut at {cut}");
            Assert.Equal(ConnectionEndReason.Torn, end.Reason);
            Assert.IsType<EndOfStreamException>(end.Error);
            Assert.Equal(["whole"], received);
        }
    }

    [Theory]
    [InlineData(1025L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public async Task Pull_HostileLength_EndsViolatedAtTheHeader(long length)
    {
        using var peer = new RawPeer();
        (Task<ConnectionEnd> served, List<string> received) = Serve(peer, new SpOptions { MaxMessageBytes = 1024 });
        await peer.NegotiateAsync(SpProtocol.Push);
        byte[] header = new byte[SpFrame.HeaderLength];
        SpFrame.WriteHeader(header, length);

        await peer.WriteAsync(header);

        ConnectionEnd end = await served.Within("the violation, before any byte of the message");
        Assert.Equal(ConnectionEndReason.Violated, end.Reason);
        Assert.IsType<WireException>(end.Error);
        Assert.Empty(received);
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Pull_HandlerWaits_PushesBackOnTheSender()
    {
        (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
        TaskCompletionSource entered = Waiting.Gate();
        TaskCompletionSource open = Waiting.Gate();
        int handled = 0;
        var pull = new PullSocket(
            async _ =>
            {
                handled++;
                entered.TrySetResult();
                await open.Task;
            },
            SpOptions.Default);
        Task<ConnectionEnd> served = pull.ServeAsync(theirs, Cancellation);
        await using PushSocket push = await PushSocket.OpenAsync(ours, SpOptions.Default, Cancellation);

        // More than all buffers together hold, so the sender blocks until the gate opens.
        int sent = 0;
        Task sending = Task.Run(
            async () =>
            {
                for (; sent < 64; sent++)
                {
                    await push.SendAsync(new ReadOnlySequence<byte>(new byte[256 * 1024]), Cancellation);
                }
            },
            Cancellation);
        await entered.Task.Within("the first message");
        Assert.False(sending.IsCompleted);
        Assert.Equal(1, handled);

        open.SetResult();
        if (await Task.WhenAny(sending, served).Within("the sends") == served)
        {
            Assert.Fail($"The connection ended after {sent} messages: {await served}");
        }

        await sending;
        await push.DisposeAsync();
        await served.Within("the end of the connection");
        Assert.Equal(64, handled);
    }

    [Fact]
    public async Task Dispose_WhileAMessageIsHandled_LeavesTheMessageAsItIs()
    {
        (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
        TaskCompletionSource entered = Waiting.Gate();
        TaskCompletionSource open = Waiting.Gate();
        byte[] sent = [.. Enumerable.Repeat((byte)7, 40_000)];
        byte[] seen = [];
        await using var pull = new SpConnection(theirs, SpProtocol.Pull, SpOptions.Default, Cancellation);
        Task<ConnectionEnd?> negotiated = pull.NegotiateAsync();
        await using PushSocket push = await PushSocket.OpenAsync(ours, SpOptions.Default, Cancellation);
        Assert.Null(await negotiated.Within("the headers"));
        Task<ConnectionEnd> read = pull.ReadAsync(async message =>
        {
            entered.SetResult();
            await open.Task;
            seen = message.ToArray();
        });
        await push.SendAsync(new ReadOnlySequence<byte>(sent), Cancellation).Within("the send");
        await entered.Task.Within("the message");

        await pull.DisposeAsync();
        OverwritePooledBuffers();
        open.SetResult();

        Assert.Equal(ConnectionEndReason.Disposed, (await read.Within("the end of the read loop")).Reason);
        Assert.Equal(sent, seen);
    }

    // As the next users of the pool do, on whatever threads they run.
    private static void OverwritePooledBuffers()
    {
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(Overwrite)).ToList();
        Overwrite();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        static void Overwrite()
        {
            byte[][] rented = [.. Enumerable.Range(0, 512).Select(_ => ArrayPool<byte>.Shared.Rent(64 * 1024))];
            foreach (byte[] buffer in rented)
            {
                buffer.AsSpan().Fill(0xFF);
            }

            Array.ForEach(rented, buffer => ArrayPool<byte>.Shared.Return(buffer));
        }
    }

    [Fact]
    public async Task Pull_HandlerThrows_EndsFaultedWithThatException()
    {
        using var peer = new RawPeer();
        var error = new InvalidOperationException("handler");
        Task<ConnectionEnd> served = new PullSocket(_ => throw error, SpOptions.Default).ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Push);

        await peer.WriteAsync(RawPeer.Frame("x"));

        Assert.Equal(new ConnectionEnd(ConnectionEndReason.Faulted, error), await served.Within("the end of the connection"));
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Pull_Cancelled_ReportsDisposed()
    {
        using var peer = new RawPeer();
        using var stopping = new CancellationTokenSource();
        Task<ConnectionEnd> served = new PullSocket(_ => ValueTask.CompletedTask, SpOptions.Default).ServeAsync(peer.Ours, stopping.Token);
        await peer.NegotiateAsync(SpProtocol.Push);

        await stopping.CancelAsync();

        Assert.Equal(ConnectionEndReason.Disposed, (await served.Within("the end of the connection")).Reason);
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Push_PeerCloses_CompletesAndRefusesToSend()
    {
        using var peer = new RawPeer();
        await using PushSocket push = await OpenPushAsync(peer);

        peer.Close();

        Assert.Equal(ConnectionEndReason.PeerClosed, (await push.Completion.Within("the end of the connection")).Reason);
        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => push.SendAsync(RawPeer.Bytes("late"), Cancellation).AsTask());
        Assert.Equal(ConnectionEndReason.PeerClosed, error.End.Reason);
    }

    [Fact]
    public async Task Push_PeerTalks_IsIgnored()
    {
        using var peer = new RawPeer();
        await using PushSocket push = await OpenPushAsync(peer);

        await peer.WriteAsync(RawPeer.Frame("chatter"));
        await push.SendAsync(RawPeer.Bytes("message"), Cancellation);

        Assert.Equal("message", await peer.ReadMessageAsync());
    }

    [Fact]
    public async Task Push_CancelledBeforeItsTurn_SendsNothing()
    {
        using var peer = new RawPeer();
        await using PushSocket push = await OpenPushAsync(peer);
        using var caller = new CancellationTokenSource();
        Task blocking = push.SendAsync(new ReadOnlySequence<byte>(new byte[4 * 1024 * 1024]), Cancellation).AsTask();
        Task waiting = push.SendAsync(RawPeer.Bytes("never"), caller.Token).AsTask();

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the cancellation"));
        await peer.ReadAsync(SpFrame.HeaderLength + (4 * 1024 * 1024));
        await blocking.Within("the first send");
        await push.SendAsync(RawPeer.Bytes("next"), Cancellation);

        Assert.Equal("next", await peer.ReadMessageAsync());
    }

    [Fact]
    public async Task Push_CancelledInsideAMessage_FinishesIt()
    {
        using var peer = new RawPeer();
        await using PushSocket push = await OpenPushAsync(peer);
        using var caller = new CancellationTokenSource();
        Task sending = push.SendAsync(new ReadOnlySequence<byte>(new byte[4 * 1024 * 1024]), caller.Token).AsTask();
        await peer.ReadAsync(1);

        await caller.CancelAsync();

        await peer.ReadAsync(SpFrame.HeaderLength + (4 * 1024 * 1024) - 1);
        await sending.Within("the send");
    }

    [Fact]
    public async Task Push_DisposedWhileSendsWait_FailsThemAll()
    {
        using var peer = new RawPeer();
        PushSocket push = await OpenPushAsync(peer);
        Task[] sends = [.. Enumerable.Range(0, 5).Select(_ => push.SendAsync(new(new byte[4 * 1024 * 1024]), Cancellation).AsTask())];

        await push.DisposeAsync().Within("the disposal");
        await push.DisposeAsync().Within("the second disposal");

        foreach (Task send in sends)
        {
            var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => send.Within("the failure of a send"));
            Assert.Equal(ConnectionEndReason.Disposed, error.End.Reason);
        }

        Assert.Equal(ConnectionEndReason.Disposed, (await push.Completion).Reason);
    }

    [Fact]
    public async Task Push_MessageAboveTheLimit_IsRefusedAndTheConnectionLives()
    {
        using var peer = new RawPeer();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Pull));
        await using PushSocket push = await PushSocket.OpenAsync(peer.Ours, new SpOptions { MaxMessageBytes = 10 }, Cancellation);
        await peer.ReadAsync(SpHeader.Length);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => push.SendAsync(new(new byte[11]), Cancellation).AsTask());
        await push.SendAsync(new(new byte[10]), Cancellation);

        Assert.Contains("11 bytes", error.Message, StringComparison.Ordinal);
        await peer.ReadAsync(SpFrame.HeaderLength + 10);
    }

    private static async Task<PushSocket> OpenPushAsync(RawPeer peer)
    {
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Pull));
        PushSocket push = await PushSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation);
        await peer.ReadAsync(SpHeader.Length);
        return push;
    }

    private static (Task<ConnectionEnd> Served, List<string> Received) Serve(RawPeer peer, SpOptions options)
    {
        var received = new List<string>();
        var pull = new PullSocket(
            message =>
            {
                received.Add(RawPeer.Text(message));
                return ValueTask.CompletedTask;
            },
            options);
        return (pull.ServeAsync(peer.Ours, Cancellation), received);
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes)
    {
        var sequence = new Sequence<byte>();
        int half = bytes.Length / 2;
        sequence.Append(bytes.AsMemory(0, half));
        sequence.Append(bytes.AsMemory(half));
        return sequence.AsReadOnlySequence;
    }
}
