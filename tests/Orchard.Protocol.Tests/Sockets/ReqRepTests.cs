using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Nerdbank.Streams;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

public class ReqRepTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ManyAtOnce_EachGetsItsOwnReply()
    {
        var rep = new RepSocket(
            async (request, _) =>
            {
                await Task.Yield();
                return Encoding.UTF8.GetBytes($"re: {RawPeer.Text(request)}");
            },
            SpOptions.Default);
        (ReqSocket req, Task<ConnectionEnd> served) = await ConnectAsync(rep);

        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), Cancellation, async (i, token) =>
            Assert.Equal($"re: {i}", await AskAsync(req, $"{i}")));

        await req.DisposeAsync();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within("the end of the connection")).Reason);
    }

    [Fact]
    public async Task Request_EmptyBothWays_Works()
    {
        (ReqSocket req, _) = await ConnectAsync(new RepSocket((_, _) => ValueTask.FromResult(ReadOnlyMemory<byte>.Empty), SpOptions.Default));
        await using (req)
        {
            Assert.Empty(await req.RequestAsync(default, Cancellation).Within("the reply"));
        }
    }

    [Fact]
    public async Task Request_Ids_HaveTheHighBitAndCountUp()
    {
        using var peer = new RawPeer();
        await using ReqSocket req = await OpenReqAsync(peer);

        Task<byte[]>[] requests = [.. Enumerable.Range(0, 3).Select(_ => req.RequestAsync("x"u8.ToArray(), Cancellation))];

        uint first = (await ReadRequestAsync(peer)).Id;
        Assert.True((first & 0x8000_0000) != 0);
        Assert.Equal((first + 1) | 0x8000_0000, (await ReadRequestAsync(peer)).Id);
        Assert.Equal((first + 2) | 0x8000_0000, (await ReadRequestAsync(peer)).Id);
        await req.DisposeAsync();
        foreach (Task<byte[]> request in requests)
        {
            await Assert.ThrowsAsync<ConnectionClosedException>(() => request.Within("the failure"));
        }
    }

    [Fact]
    public async Task Request_RepliesOutOfOrder_AreMatchedById()
    {
        using var peer = new RawPeer();
        await using ReqSocket req = await OpenReqAsync(peer);
        Task<string> a = AskAsync(req, "a");
        (uint Id, string Body) first = await ReadRequestAsync(peer);
        Task<string> b = AskAsync(req, "b");
        (uint Id, string Body) second = await ReadRequestAsync(peer);

        await peer.WriteAsync([.. Reply(second.Id, "for b"), .. Reply(first.Id, "for a")]);

        Assert.Equal("for a", await a);
        Assert.Equal("for b", await b);
    }

    [Fact]
    public async Task Request_Cancelled_ItsLateReplyIsNotTakenForTheNext()
    {
        using var peer = new RawPeer();
        await using ReqSocket req = await OpenReqAsync(peer);
        using var caller = new CancellationTokenSource();
        Task<byte[]> cancelled = req.RequestAsync("first"u8.ToArray(), caller.Token);
        (uint Id, string Body) first = await ReadRequestAsync(peer);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within("the cancellation"));

        Task<string> next = AskAsync(req, "second");
        (uint Id, string Body) second = await ReadRequestAsync(peer);
        await peer.WriteAsync([.. Reply(first.Id, "late"), .. Reply(0xFFFF_FFFF, "stray"), .. Reply(second.Id, "right")]);

        Assert.Equal("right", await next);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task Request_SameReplyTwice_IsTakenOnce()
    {
        using var peer = new RawPeer();
        await using ReqSocket req = await OpenReqAsync(peer);
        Task<string> a = AskAsync(req, "a");
        uint id = (await ReadRequestAsync(peer)).Id;
        await peer.WriteAsync([.. Reply(id, "once"), .. Reply(id, "twice")]);
        Assert.Equal("once", await a);

        Task<string> b = AskAsync(req, "b");
        await peer.WriteAsync(Reply((await ReadRequestAsync(peer)).Id, "b"));

        Assert.Equal("b", await b);
    }

    [Fact]
    public async Task Request_PeerCloses_FailsEveryRequestAndResendsNone()
    {
        using var peer = new RawPeer();
        await using ReqSocket req = await OpenReqAsync(peer);
        Task<byte[]>[] requests = [.. Enumerable.Range(0, 10).Select(_ => req.RequestAsync("x"u8.ToArray(), Cancellation))];
        for (int i = 0; i < requests.Length; i++)
        {
            await ReadRequestAsync(peer);
        }

        peer.Close();

        foreach (Task<byte[]> request in requests)
        {
            var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => request.Within("the failure of a request"));
            Assert.Equal(ConnectionEndReason.PeerClosed, error.End.Reason);
        }

        await req.Completion.Within("the end of the connection");
        await Assert.ThrowsAsync<ConnectionClosedException>(() => req.RequestAsync("late"u8.ToArray(), Cancellation));
    }

    [Fact]
    public async Task Rep_RequestsOfOneConnection_RunSideBySide()
    {
        TaskCompletionSource open = Waiting.Gate();
        var rep = new RepSocket(
            async (request, _) =>
            {
                if (RawPeer.Text(request) == "slow")
                {
                    await open.Task;
                }

                return request.ToArray();
            },
            SpOptions.Default);
        (ReqSocket req, _) = await ConnectAsync(rep);
        await using (req)
        {
            Task<string> slow = AskAsync(req, "slow");

            Assert.Equal("cancel", await AskAsync(req, "cancel"));
            Assert.False(slow.IsCompleted);

            open.SetResult();
            Assert.Equal("slow", await slow);
        }
    }

    [Fact]
    public async Task Rep_HandlerBlocksItsThread_TheNextRequestIsStillRead()
    {
        using var open = new ManualResetEventSlim();
        var rep = new RepSocket(
            (request, _) =>
            {
                if (RawPeer.Text(request) == "slow")
                {
                    open.Wait(Cancellation);
                }

                return ValueTask.FromResult<ReadOnlyMemory<byte>>(request.ToArray());
            },
            SpOptions.Default);
        (ReqSocket req, _) = await ConnectAsync(rep);
        await using (req)
        {
            Task<string> slow = AskAsync(req, "slow");
            Assert.Equal("next", await AskAsync(req, "next"));
            open.Set();
            Assert.Equal("slow", await slow);
        }
    }

    [Fact]
    public async Task Rep_MoreRequestsThanTheCap_HoldsTheRestUntilOneIsAnswered()
    {
        using var started = new SemaphoreSlim(0);
        using var open = new SemaphoreSlim(0);
        int running = 0;
        int most = 0;
        var rep = new RepSocket(
            async (request, token) =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                started.Release();
                await open.WaitAsync(token);
                Interlocked.Decrement(ref running);
                return request.ToArray();
            },
            SpOptions.Default);
        (ReqSocket req, _) = await ConnectAsync(rep);
        await using (req)
        {
            int count = RepSession.MaxConcurrentRequests * 2;
            Task<string>[] requests = [.. Enumerable.Range(0, count).Select(i => AskAsync(req, $"{i}"))];
            for (int i = 0; i < RepSession.MaxConcurrentRequests; i++)
            {
                await started.WaitAsync(Cancellation).Within("a handler's start");
            }

            open.Release(count);
            await Task.WhenAll(requests).Within("the replies");

            Assert.Equal(RepSession.MaxConcurrentRequests, most);
        }
    }

    [Fact]
    public async Task Rep_HandlerThrows_OthersAreAnsweredThenTheConnectionEndsFaulted()
    {
        TaskCompletionSource failed = Waiting.Gate();
        TaskCompletionSource slowStarted = Waiting.Gate();
        TaskCompletionSource open = Waiting.Gate();
        var rep = new RepSocket(
            async (request, _) =>
            {
                switch (RawPeer.Text(request))
                {
                    case "bad":
                        failed.SetResult();
                        throw new InvalidOperationException("handler");
                    case "slow":
                        slowStarted.SetResult();
                        await open.Task;
                        break;
                }

                return request.ToArray();
            },
            SpOptions.Default);
        (ReqSocket req, Task<ConnectionEnd> served) = await ConnectAsync(rep);
        Task<string> slow = AskAsync(req, "slow");
        await slowStarted.Task.Within("the slow request's start");
        Task<string> bad = AskAsync(req, "bad");
        await failed.Task.Within("the failure");

        Assert.Equal("cancel", await AskAsync(req, "cancel"));
        Assert.False(served.IsCompleted);
        open.SetResult();

        Assert.Equal("slow", await slow);
        ConnectionEnd end = await served.Within("the end of the connection");
        Assert.Equal(ConnectionEndReason.Faulted, end.Reason);
        Assert.IsType<InvalidOperationException>(end.Error);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => bad);
        await req.DisposeAsync();
    }

    [Fact]
    public async Task Rep_PeerCloses_CancelsItsHandlersAndWaitsForThem()
    {
        TaskCompletionSource started = Waiting.Gate();
        bool left = false;
        var rep = new RepSocket(
            async (_, token) =>
            {
                started.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    left = true;
                }

                return default;
            },
            SpOptions.Default);
        (ReqSocket req, Task<ConnectionEnd> served) = await ConnectAsync(rep);
        Task<string> request = AskAsync(req, "x");
        await started.Task.Within("the handler's start");

        await req.DisposeAsync();

        Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within("the end of the connection")).Reason);
        Assert.True(left);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => request);
    }

    [Fact]
    public async Task Rep_SevenHopsAndTheId_AreCopiedToTheReply()
    {
        using var peer = new RawPeer();
        Task<ConnectionEnd> served = Echo().ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Req);
        byte[] backtrace = Backtrace(7);

        await peer.WriteAsync(RawPeer.Frame([.. backtrace, .. "body"u8]));

        byte[] expected = RawPeer.Frame([.. backtrace, .. "body"u8]);
        Assert.Equal(expected, await peer.ReadAsync(expected.Length));
        peer.Close();
        await served.Within("the end of the connection");
    }

    [Fact]
    public async Task Rep_MoreHopsThanAllowed_DropsTheRequestAndKeepsTheConnection()
    {
        using var peer = new RawPeer();
        var handled = new ConcurrentBag<string>();
        var rep = new RepSocket(
            (request, _) =>
            {
                handled.Add(RawPeer.Text(request));
                return ValueTask.FromResult<ReadOnlyMemory<byte>>(request.ToArray());
            },
            SpOptions.Default);
        Task<ConnectionEnd> served = rep.ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Req);
        byte[] next = RawPeer.Frame([.. Backtrace(0), .. "next"u8]);

        await peer.WriteAsync([.. RawPeer.Frame([.. Backtrace(8), .. "lost"u8]), .. next]);

        Assert.Equal(next, await peer.ReadAsync(next.Length));
        peer.Close();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within("the end of the connection")).Reason);
        Assert.Equal(["next"], handled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("808080")]
    [InlineData("00000001000000")]
    public async Task Rep_RequestWithoutId_EndsViolated(string hex)
    {
        using var peer = new RawPeer();
        Task<ConnectionEnd> served = Echo().ServeAsync(peer.Ours, Cancellation);
        await peer.NegotiateAsync(SpProtocol.Req);

        await peer.WriteAsync(RawPeer.Frame(Convert.FromHexString(hex)));

        Assert.Equal(ConnectionEndReason.Violated, (await served.Within("the end of the connection")).Reason);
    }

    private static RepSocket Echo() =>
        new((request, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(request.ToArray()), SpOptions.Default);

    private static byte[] Backtrace(int hops)
    {
        byte[] words = new byte[(hops + 1) * 4];
        for (int hop = 0; hop < hops; hop++)
        {
            BinaryPrimitives.WriteInt32BigEndian(words.AsSpan(hop * 4), hop + 1);
        }

        BinaryPrimitives.WriteUInt32BigEndian(words.AsSpan(hops * 4), 0x8000_0007);
        return words;
    }

    private static async Task<(ReqSocket Req, Task<ConnectionEnd> Served)> ConnectAsync(RepSocket rep)
    {
        (Stream ours, Stream theirs) = FullDuplexStream.CreatePair();
        Task<ConnectionEnd> served = rep.ServeAsync(theirs, CancellationToken.None);
        return (await ReqSocket.OpenAsync(ours, SpOptions.Default, Cancellation), served);
    }

    private static async Task<ReqSocket> OpenReqAsync(RawPeer peer)
    {
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Rep));
        ReqSocket req = await ReqSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation);
        await peer.ReadAsync(SpHeader.Length);
        return req;
    }

    private static async Task<string> AskAsync(ReqSocket req, string request) => Encoding.UTF8.GetString(
        await req.RequestAsync(Encoding.UTF8.GetBytes(request), Cancellation).Within($"the reply to '{request}'"));

    private static async Task<(uint Id, string Body)> ReadRequestAsync(RawPeer peer)
    {
        byte[] header = await peer.ReadAsync(SpFrame.HeaderLength);
        byte[] message = await peer.ReadAsync(header[^1]);
        return (BinaryPrimitives.ReadUInt32BigEndian(message), Encoding.UTF8.GetString(message.AsSpan(4)));
    }

    private static byte[] Reply(uint id, string body)
    {
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(prefix, id);
        return RawPeer.Frame([.. prefix, .. Encoding.UTF8.GetBytes(body)]);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
