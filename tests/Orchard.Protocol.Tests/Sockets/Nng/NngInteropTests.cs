using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets.Nng;

/// <summary>Connects each socket to its counterpart in the native nng library, over socket files.</summary>
public class NngInteropTests
{
    private static readonly int[] Sizes = [0, 1, 255, 64 * 1024, 1024 * 1024, 16 * 1024 * 1024];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Push_NngPullListens_EverySizeArrives()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Pull);
        nng.Listen(folder.Socket);
        await using PushSocket push = await PushSocket.OpenAsync(await ConnectAsync(folder), SpOptions.Default, Cancellation);

        foreach (byte[] message in Messages())
        {
            Task<byte[]> receiving = nng.ReceiveAsync();
            await push.SendAsync(new ReadOnlySequence<byte>(message), Cancellation).Within("our send");
            AssertSame(message, await receiving.Within("nng's receive"));
        }
    }

    [Fact]
    public async Task Pull_NngPushDials_EverySizeArrives()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        var received = Channel.CreateUnbounded<byte[]>();
        await using UnixSocketListener listener = UnixSocketListener.Start(
            folder.Socket, new PullSocket(message => received.Writer.WriteAsync(message.ToArray()), SpOptions.Default));
        using var nng = new NngSocket(SpProtocol.Push);
        await nng.DialAsync(folder.Socket).Within("nng's dial");

        foreach (byte[] message in Messages())
        {
            await nng.SendAsync(message).Within("nng's send");
            AssertSame(message, await received.Reader.ReadAsync(Cancellation).AsTask().Within("our receive"));
        }
    }

    [Fact]
    public async Task Sub_NngPubListens_EverySizeArrives()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Pub);
        nng.Listen(folder.Socket);
        var received = Channel.CreateUnbounded<byte[]>();
        await using SubSocket sub = await SubSocket.OpenAsync(
            await ConnectAsync(folder), message => received.Writer.WriteAsync(message.ToArray()), SpOptions.Default, Cancellation);

        // nng activates a subscription some time after the header. Messages published before are lost.
        await PublishUntilHeardAsync(nng, received.Reader);
        foreach (byte[] message in Messages())
        {
            await nng.SendAsync(message).Within("nng's publish");
            AssertSame(message, await NextAsync(received.Reader));
        }
    }

    [Fact]
    public async Task Pub_NngSubDials_EverySizeArrives()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        var pub = new PubSocket(SpOptions.Default);
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, pub);
        using var nng = new NngSocket(SpProtocol.Sub);
        await nng.DialAsync(folder.Socket).Within("nng's dial");

        foreach (byte[] message in Messages())
        {
            pub.Publish(message);
            AssertSame(message, await nng.ReceiveAsync().Within("nng's receive"));
        }
    }

    [Fact]
    public async Task Pub_NngSubDials_BurstArrivesWholeAndInOrder()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        var pub = new PubSocket(SpOptions.Default);
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, pub);
        using var nng = new NngSocket(SpProtocol.Sub);
        await nng.DialAsync(folder.Socket).Within("nng's dial");

        for (int i = 0; i < 5000; i++)
        {
            pub.Publish(Encoding.UTF8.GetBytes($"delta {i}"));
        }

        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal($"delta {i}", Encoding.UTF8.GetString(await nng.ReceiveAsync().Within("nng's receive")));
        }
    }

    [Fact]
    public async Task Req_NngRepListens_EverySizeGoesAndComesBack()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Rep);
        nng.Listen(folder.Socket);
        await using ReqSocket req = await ReqSocket.OpenAsync(await ConnectAsync(folder), SpOptions.Default, Cancellation);

        foreach (byte[] message in Messages())
        {
            Task<byte[]> asking = req.RequestAsync(message, Cancellation);
            byte[] request = await nng.ReceiveAsync().Within("nng's receive");
            AssertSame(message, request);
            await nng.SendAsync(request).Within("nng's reply");
            AssertSame(message, await asking.Within("the reply"));
        }
    }

    [Fact]
    public async Task Rep_NngReqDials_EverySizeGoesAndComesBack()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        await using UnixSocketListener listener = UnixSocketListener.Start(
            folder.Socket,
            new RepSocket((request, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(request.ToArray()), SpOptions.Default));
        using var nng = new NngSocket(SpProtocol.Req);
        await nng.DialAsync(folder.Socket).Within("nng's dial");

        foreach (byte[] message in Messages())
        {
            await nng.SendAsync(message).Within("nng's request");
            AssertSame(message, await nng.ReceiveAsync().Within("nng's receive"));
        }
    }

    [Fact]
    public async Task Push_OurHeaderSplitAtEveryByte_NngAcceptsIt()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Pull);
        nng.Listen(folder.Socket);
        byte[] header = SpHeader.Encode(SpProtocol.Push);

        for (int at = 1; at < header.Length; at++)
        {
            await using Stream stream = await ConnectAsync(folder);
            await stream.WriteAsync(header.AsMemory(0, at), Cancellation);
            await stream.ReadExactlyAsync(new byte[SpHeader.Length], Cancellation).AsTask().Within("nng's header");
            await stream.WriteAsync(header.AsMemory(at), Cancellation);
            await stream.WriteAsync(RawPeer.Frame($"split at {at}"), Cancellation);

            Assert.Equal($"split at {at}", Encoding.UTF8.GetString(await nng.ReceiveAsync().Within("nng's receive")));
        }
    }

    [Fact]
    public async Task Push_OurFrameSplitAtEveryByte_NngReadsIt()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Pull);
        nng.Listen(folder.Socket);
        await using Stream stream = await ConnectAsync(folder);
        await stream.WriteAsync(SpHeader.Encode(SpProtocol.Push), Cancellation);
        byte[] frame = RawPeer.Frame("hello");

        for (int at = 1; at < frame.Length; at++)
        {
            Task<byte[]> receiving = nng.ReceiveAsync();
            await stream.WriteAsync(frame.AsMemory(0, at), Cancellation);
            await stream.WriteAsync(frame.AsMemory(at), Cancellation);

            Assert.Equal("hello", Encoding.UTF8.GetString(await receiving.Within("nng's receive")));
        }
    }

    [Fact]
    public async Task Push_NngOfAnotherProtocolListens_ThrowsNamingIt()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Rep);
        nng.Listen(folder.Socket);
        Stream stream = await ConnectAsync(folder);

        var error = await Assert.ThrowsAsync<WireException>(() => PushSocket.OpenAsync(stream, SpOptions.Default, Cancellation));

        Assert.Contains("REP", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Req_NngRepCloses_FailsTheRequestAsClosed()
    {
        NngSocket.RequireInstalled();
        using var folder = new SocketFolder();
        using var nng = new NngSocket(SpProtocol.Rep);
        nng.Listen(folder.Socket);
        await using ReqSocket req = await ReqSocket.OpenAsync(await ConnectAsync(folder), SpOptions.Default, Cancellation);
        Task<byte[]> asking = req.RequestAsync("x"u8.ToArray(), Cancellation);
        await nng.ReceiveAsync().Within("nng's receive");

        nng.Dispose();

        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => asking.Within("the failure of the request"));
        Assert.Equal(ConnectionEndReason.PeerClosed, error.End.Reason);
    }

    private static Task<Stream> ConnectAsync(SocketFolder folder) => UnixSocket.ConnectAsync(folder.Socket, Cancellation);

    private static IEnumerable<byte[]> Messages()
    {
        foreach (int size in Sizes)
        {
            byte[] message = new byte[size];
            new Random(size).NextBytes(message);
            yield return message;
        }
    }

    // Sends marks until one arrives, then a last mark of another kind, and waits for it: after that no mark is in flight.
    private static async Task PublishUntilHeardAsync(NngSocket nng, ChannelReader<byte[]> received)
    {
        while (!received.TryRead(out _))
        {
            await nng.SendAsync("mark"u8.ToArray()).Within("nng's publish");
            await Task.Yield();
        }

        await nng.SendAsync("last mark"u8.ToArray()).Within("nng's publish");
        while (Encoding.UTF8.GetString(await NextAsync(received)) != "last mark")
        {
        }
    }

    private static Task<byte[]> NextAsync(ChannelReader<byte[]> received) =>
        received.ReadAsync(Cancellation).AsTask().Within("our receive");

    private static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{expected.Length} bytes were sent, {actual.Length} other ones arrived.");
}
