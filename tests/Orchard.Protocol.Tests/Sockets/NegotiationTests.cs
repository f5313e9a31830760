using Microsoft.Extensions.Time.Testing;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

public class NegotiationTests
{
    private static readonly PullSocket Pull = new(static _ => ValueTask.CompletedTask, SpOptions.Default);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_PeerSilent_SendsOwnHeaderFirst()
    {
        using var peer = new RawPeer();
        Task<PushSocket> opening = PushSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation);

        Assert.Equal(SpHeader.Encode(SpProtocol.Push), await peer.ReadAsync(SpHeader.Length));
        Assert.False(opening.IsCompleted);

        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Pull));
        await using PushSocket push = await opening.Within("the header exchange");
    }

    [Fact]
    public async Task Open_HeaderSplitAtEveryByte_Connects()
    {
        for (int at = 1; at < SpHeader.Length; at++)
        {
            using var peer = new RawPeer();
            Task<PushSocket> opening = PushSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation);
            await peer.WriteSplitAsync(SpHeader.Encode(SpProtocol.Pull), at);

            await using PushSocket push = await opening.Within($"the header exchange, split at {at}");
        }
    }

    [Fact]
    public async Task Open_PeerOfAnotherProtocol_ThrowsNamingBoth()
    {
        using var peer = new RawPeer();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Rep));

        var error = await Assert.ThrowsAsync<WireException>(() => PushSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation));

        Assert.Contains("REP", error.Message, StringComparison.Ordinal);
        Assert.Contains("PULL", error.Message, StringComparison.Ordinal);
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Open_EachHeaderByteWrong_Throws()
    {
        for (int at = 0; at < SpHeader.Length; at++)
        {
            using var peer = new RawPeer();
            byte[] header = SpHeader.Encode(SpProtocol.Pull);
            header[at] ^= 0x80;
            await peer.WriteAsync(header);

            await Assert.ThrowsAsync<WireException>(() => PushSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Open_PeerClosesDuringExchange_ThrowsIOException(int bytesSent)
    {
        using var peer = new RawPeer();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Pull)[..bytesSent]);
        peer.Close();

        await Assert.ThrowsAsync<IOException>(() => PushSocket.OpenAsync(peer.Ours, SpOptions.Default, Cancellation));
    }

    [Fact]
    public async Task Open_PeerSilentForTheTimeout_ThrowsIOExceptionAndClosesTheStream()
    {
        using var peer = new RawPeer();
        var time = new FakeTimeProvider();
        var options = new SpOptions { TimeProvider = time, NegotiationTimeout = TimeSpan.FromSeconds(10) };
        Task<SubSocket> opening = SubSocket.OpenAsync(peer.Ours, static _ => ValueTask.CompletedTask, options, Cancellation);
        await peer.ReadAsync(SpHeader.Length);

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(opening.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var error = await Assert.ThrowsAsync<IOException>(() => opening.Within("the timeout"));
        Assert.IsType<TimeoutException>(error.InnerException);
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Open_Cancelled_ThrowsTheCallersCancellation()
    {
        using var peer = new RawPeer();
        using var caller = new CancellationTokenSource();
        Task<ReqSocket> opening = ReqSocket.OpenAsync(peer.Ours, SpOptions.Default, caller.Token);
        await peer.ReadAsync(SpHeader.Length);

        await caller.CancelAsync();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => opening.Within("the cancellation"));
        Assert.Equal(caller.Token, error.CancellationToken);
        await peer.ReadToEndAsync();
    }

    [Fact]
    public async Task Open_CancelledAfterwards_StaysOpen()
    {
        using var peer = new RawPeer();
        using var caller = new CancellationTokenSource();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Pull));
        await using PushSocket push = await PushSocket.OpenAsync(peer.Ours, SpOptions.Default, caller.Token);
        await peer.ReadAsync(SpHeader.Length);

        await caller.CancelAsync();

        await push.SendAsync(RawPeer.Bytes("still here"), Cancellation);
        Assert.Equal("still here", await peer.ReadMessageAsync());
    }

    [Fact]
    public async Task Serve_PeerOfAnotherProtocol_ReportsViolated()
    {
        using var peer = new RawPeer();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Sub));

        ConnectionEnd end = await Pull.ServeAsync(peer.Ours, Cancellation).Within("the refusal");

        Assert.Equal(ConnectionEndReason.Violated, end.Reason);
        Assert.IsType<WireException>(end.Error);
        Assert.Equal(SpHeader.Encode(SpProtocol.Pull), await peer.ReadToEndAsync());
    }

    [Fact]
    public async Task Serve_PeerSilentForTheTimeout_ReportsViolated()
    {
        using var peer = new RawPeer();
        var time = new FakeTimeProvider();
        var pull = new PullSocket(static _ => ValueTask.CompletedTask, new SpOptions { TimeProvider = time });
        Task<ConnectionEnd> served = pull.ServeAsync(peer.Ours, Cancellation);
        await peer.ReadAsync(SpHeader.Length);

        time.Advance(SpOptions.Default.NegotiationTimeout);

        ConnectionEnd end = await served.Within("the timeout");
        Assert.Equal(ConnectionEndReason.Violated, end.Reason);
        Assert.IsType<TimeoutException>(end.Error);
    }

    [Theory]
    [InlineData(0, ConnectionEndReason.PeerClosed)]
    [InlineData(3, ConnectionEndReason.Torn)]
    public async Task Serve_PeerClosesDuringExchange_SaysWhere(int bytesSent, object reason)
    {
        using var peer = new RawPeer();
        await peer.WriteAsync(SpHeader.Encode(SpProtocol.Push)[..bytesSent]);
        peer.Close();

        ConnectionEnd end = await Pull.ServeAsync(peer.Ours, Cancellation).Within("the end of the connection");

        Assert.Equal(reason, end.Reason);
    }

    [Fact]
    public async Task Serve_AlreadyCancelled_ReportsDisposed()
    {
        using var peer = new RawPeer();

        ConnectionEnd end = await Pull.ServeAsync(peer.Ours, new CancellationToken(canceled: true)).Within("the end of the connection");

        Assert.Equal(ConnectionEndReason.Disposed, end.Reason);
    }
}
