using System.Text;
using System.Threading.Channels;
using Nerdbank.Streams;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

public class PubSubTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_RightAfterTheSubscriberOpened_Arrives()
    {
        for (int round = 0; round < 200; round++)
        {
            var pub = new PubSocket(SpOptions.Default);
            await using Subscription subscription = await Subscription.OpenAsync(pub);

            pub.Publish("first"u8);

            Assert.Equal("first", await subscription.NextAsync());
        }
    }

    [Fact]
    public async Task Publish_SeveralSubscribers_EachGetsEverythingInOrder()
    {
        var pub = new PubSocket(SpOptions.Default);
        await using Subscription a = await Subscription.OpenAsync(pub);
        await using Subscription b = await Subscription.OpenAsync(pub);

        for (int i = 0; i < 10_000; i++)
        {
            pub.Publish(Encoding.UTF8.GetBytes($"message {i}"));
        }

        foreach (Subscription subscription in new[] { a, b })
        {
            for (int i = 0; i < 10_000; i++)
            {
                Assert.Equal($"message {i}", await subscription.NextAsync());
            }
        }

        Assert.Equal(2, pub.SubscriberCount);
    }

    [Fact]
    public void Publish_NoClientConnected_IsForgotten() => new PubSocket(SpOptions.Default).Publish("nobody"u8);

    [Fact]
    public async Task Publish_ManyThreads_NoMessageIsLostOrMixed()
    {
        var pub = new PubSocket(SpOptions.Default);
        await using Subscription subscription = await Subscription.OpenAsync(pub);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < 500; i++)
                {
                    pub.Publish(Encoding.UTF8.GetBytes($"{thread}/{i}/{new string('x', i)}"));
                }
            },
            Cancellation)));

        int[] next = new int[4];
        for (int count = 0; count < 2000; count++)
        {
            string[] parts = (await subscription.NextAsync()).Split('/');
            int thread = parts[0][0] - '0';
            Assert.Equal($"{next[thread]}", parts[1]);
            Assert.Equal(next[thread]++, parts[2].Length);
        }
    }

    [Fact]
    public async Task Publish_WhileAWriteIsUnderWay_TheQueueLeavesInOneWrite()
    {
        using var peer = new RawPeer();
        using var stream = new GatedStream(peer.Ours);
        var pub = new PubSocket(SpOptions.Default);
        Task<ConnectionEnd> served = pub.ServeAsync(stream, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Sub);

        stream.HoldWrites();
        pub.Publish("held"u8);
        await stream.WriteStarted.Within("the write of the first message");
        int before = stream.Writes;
        for (int i = 0; i < 100; i++)
        {
            pub.Publish("queued"u8);
        }

        stream.ReleaseWrites();
        Assert.Equal("held", await peer.ReadMessageAsync());
        await peer.ReadAsync(100 * RawPeer.Frame("queued").Length);
        Assert.Equal(before + 1, stream.Writes);
        peer.Close();
        await served.Within("the end of the connection");
    }

    [Fact]
    public async Task Publish_SubscriberDoesNotRead_DisconnectsItAloneNamingTheQueue()
    {
        using var slow = new RawPeer();
        var pub = new PubSocket(new SpOptions { MaxQueuedBytes = 1024 * 1024 });
        Task<ConnectionEnd> served = pub.ServeAsync(slow.Ours, Cancellation);
        await slow.NegotiateAsync(SpProtocol.Sub);
        await using Subscription healthy = await Subscription.OpenAsync(pub);

        // Far above the limit, even if the pipe buffers a part.
        byte[] message = new byte[64 * 1024];
        for (int i = 0; i < 64; i++)
        {
            pub.Publish(message);
            Assert.Equal(message.Length, (await healthy.NextAsync()).Length);
        }

        ConnectionEnd end = await served.Within("the disconnection");
        Assert.Equal(ConnectionEndReason.TooSlow, end.Reason);
        Assert.Contains("limit is 1048576", end.Error!.Message, StringComparison.Ordinal);
        pub.Publish("after"u8);
        Assert.Equal("after", await healthy.NextAsync());
        Assert.Equal(1, pub.SubscriberCount);
    }

    [Fact]
    public async Task Publish_SlowSubscriberWithinTheLimit_GetsEverything()
    {
        using var peer = new RawPeer();
        var pub = new PubSocket(new SpOptions { MaxQueuedBytes = 8 * 1024 * 1024 });
        Task<ConnectionEnd> served = pub.ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Sub);
        byte[] message = new byte[64 * 1024];

        // Three times the limit in all, never more than about two thirds of it at once.
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 80; i++)
            {
                pub.Publish(message);
            }

            await peer.ReadAsync(80 * (message.Length + SpFrame.HeaderLength));
        }

        Assert.False(served.IsCompleted);
        peer.Close();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within("the end of the connection")).Reason);
    }

    [Fact]
    public async Task Queue_SteadyState_AllocatesNothing()
    {
        var pub = new PubSocket(SpOptions.Default);
        using var peer = new RawPeer();
        Task<ConnectionEnd> served = pub.ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Sub);
        byte[] message = new byte[200];
        byte[] sink = new byte[1000 * (message.Length + SpFrame.HeaderLength)];

        // Within one test the thread may change between awaits; only the queueing itself is measured.
        long Round()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                pub.Queue(message);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        long allocated = long.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            allocated = Math.Min(allocated, Round());
            pub.Flush();
            await peer.Theirs.ReadExactlyAsync(sink, Cancellation).Within("the published bytes");
        }

        Assert.InRange(allocated, 0, 1000);
        peer.Close();
        await served.Within("the end of the connection");
    }

    [Fact]
    public async Task Pub_SubscriberWrites_IsDisconnected()
    {
        using var peer = new RawPeer();
        var pub = new PubSocket(SpOptions.Default);
        Task<ConnectionEnd> served = pub.ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Sub);

        await peer.WriteAsync(RawPeer.Frame("hello"));

        ConnectionEnd end = await served.Within("the disconnection");
        Assert.Equal(ConnectionEndReason.Violated, end.Reason);
        Assert.Equal(0, pub.SubscriberCount);
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Pub_SubscriberLeaves_CountsItOut()
    {
        var pub = new PubSocket(SpOptions.Default);
        (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
        Task<ConnectionEnd> served = pub.ServeAsync(theirs, Cancellation);
        SubSocket sub = await SubSocket.OpenAsync(ours, static _ => ValueTask.CompletedTask, SpOptions.Default, Cancellation);

        await sub.DisposeAsync();

        Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within("the end of the connection")).Reason);
        Assert.Equal(0, pub.SubscriberCount);
        pub.Publish("nobody"u8);
    }

    [Fact]
    public async Task Sub_WholeLife_WritesNothingButItsHeader()
    {
        using var peer = new RawPeer();
        await peer.WriteAsync([.. SpHeader.Encode(SpProtocol.Pub), .. RawPeer.Frame("a"), .. RawPeer.Frame("b")]);
        var got = Channel.CreateUnbounded<string>();
        SubSocket sub = await SubSocket.OpenAsync(peer.Ours, message => got.Writer.WriteAsync(RawPeer.Text(message)), SpOptions.Default, Cancellation);

        Assert.Equal("a", await got.Reader.ReadAsync(Cancellation).AsTask().Within("the first message"));
        Assert.Equal("b", await got.Reader.ReadAsync(Cancellation).AsTask().Within("the second message"));
        await sub.DisposeAsync();

        Assert.Equal(SpHeader.Encode(SpProtocol.Sub), await peer.ReadToEndAsync());
        Assert.Equal(ConnectionEndReason.Disposed, (await sub.Completion).Reason);
    }

    [Theory]
    [InlineData(0, ConnectionEndReason.PeerClosed)]
    [InlineData(1, ConnectionEndReason.Torn)]
    [InlineData(12, ConnectionEndReason.Torn)]
    public async Task Sub_PublisherVanishes_SaysWhetherAMessageWasTorn(int bytesOfNext, object reason)
    {
        using var peer = new RawPeer();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Pub));
        await using SubSocket sub = await SubSocket.OpenAsync(peer.Ours, static _ => ValueTask.CompletedTask, SpOptions.Default, Cancellation);

        await peer.WriteAsync([.. RawPeer.Frame("whole"), .. RawPeer.Frame("hello")[..bytesOfNext]]);
        peer.Close();

        Assert.Equal(reason, (await sub.Completion.Within("the end of the connection")).Reason);
    }

    [Fact]
    public async Task Sub_DisposedTwice_BothWaitForTheHandler()
    {
        using var peer = new RawPeer();
        await peer.WriteAsync([.. SpHeader.Encode(SpProtocol.Pub), .. RawPeer.Frame("a")]);
        TaskCompletionSource entered = Waiting.Gate();
        TaskCompletionSource open = Waiting.Gate();
        SubSocket sub = await SubSocket.OpenAsync(
            peer.Ours,
            async _ =>
            {
                entered.SetResult();
                await open.Task;
            },
            SpOptions.Default,
            Cancellation);
        await entered.Task.Within("the handler's start");

        Task first = sub.DisposeAsync().AsTask();
        Task second = sub.DisposeAsync().AsTask();
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);

        open.SetResult();
        await first.Within("the first disposal");
        await second.Within("the second disposal");
    }

    /// <summary>A SUB socket with an in-memory connection to <c>pub</c>, and the messages it received.</summary>
    private sealed class Subscription(SubSocket socket, Task<ConnectionEnd> served, Channel<string> received) : IAsyncDisposable
    {
        public static async Task<Subscription> OpenAsync(PubSocket pub)
        {
            (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
            Task<ConnectionEnd> served = pub.ServeAsync(theirs, CancellationToken.None);
            var received = Channel.CreateUnbounded<string>();
            SubSocket socket = await SubSocket.OpenAsync(
                ours, message => received.Writer.WriteAsync(RawPeer.Text(message)), SpOptions.Default, Cancellation)
                .Within("the subscription");
            return new Subscription(socket, served, received);
        }

        public Task<string> NextAsync() => received.Reader.ReadAsync(Cancellation).AsTask().Within("the next published message");

        public async ValueTask DisposeAsync()
        {
            await socket.DisposeAsync();
            await served.Within("the end of the subscription");
        }
    }
}
