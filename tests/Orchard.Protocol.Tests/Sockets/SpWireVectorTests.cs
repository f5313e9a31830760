using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

/// <summary>Bytes recorded from nng.</summary>
public class SpWireVectorTests
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "sp_wire.json"))).RootElement;

    [Fact]
    public void Header_OfEachProtocol_HasTheRecordedBytesAndPeer()
    {
        foreach (JsonProperty vector in Vectors.GetProperty("connection_header_hex").EnumerateObject())
        {
            SpProtocol protocol = Protocol(vector.Name);
            SpProtocol peer = Protocol(Vectors.GetProperty("expected_peer").GetProperty(vector.Name).GetString()!);

            Assert.Equal(Convert.FromHexString(vector.Value.GetString()!), SpHeader.Encode(protocol));
            Assert.Equal(peer, SpHeader.PeerOf(protocol));
            SpHeader.Verify(SpHeader.Encode(protocol), peer);
        }
    }

    [Fact]
    public void Header_EveryOtherPairing_IsRefused()
    {
        SpProtocol[] all = Enum.GetValues<SpProtocol>();
        foreach ((SpProtocol own, SpProtocol peer) in all.SelectMany(own => all.Select(peer => (own, peer))))
        {
            if (SpHeader.PeerOf(own) != peer)
            {
                Assert.Throws<WireException>(() => SpHeader.Verify(SpHeader.Encode(peer), own));
            }
        }
    }

    [Fact]
    public void Header_RecordedAsRejected_IsRefused()
    {
        foreach (JsonProperty vector in Vectors.GetProperty("rejected_headers_hex").EnumerateObject())
        {
            Assert.Throws<WireException>(() => SpHeader.Verify(Convert.FromHexString(vector.Value.GetString()!), SpProtocol.Pull));
        }
    }

    [Fact]
    public void Frame_Recorded_IsReadWholeAndWrittenAgain()
    {
        foreach (JsonElement vector in Vectors.GetProperty("ipc_frames").EnumerateArray())
        {
            byte[] bytes = Hex(vector, "hex");
            var buffer = new ReadOnlySequence<byte>(bytes);

            Assert.True(SpFrame.TryRead(ref buffer, 1024, out ReadOnlySequence<byte> message));
            Assert.True(buffer.IsEmpty);
            Assert.Equal(bytes, RawPeer.Frame(message.ToArray()));
        }
    }

    [Fact]
    public async Task Rep_RecordedRequestThroughADevice_RepliesWithItsWholeBacktrace()
    {
        JsonElement vector = Vectors.GetProperty("ipc_frames").EnumerateArray().Single(frame => frame.TryGetProperty("reply_hex", out _));
        using var peer = new RawPeer();
        var rep = new RepSocket((_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>("REPLY"u8.ToArray()), SpOptions.Default);
        Task<ConnectionEnd> served = rep.ServeAsync(peer.Ours, TestContext.Current.CancellationToken);
        await peer.NegotiateAsync(SpProtocol.Req);

        await peer.WriteAsync(Hex(vector, "hex"));

        byte[] expected = Hex(vector, "reply_hex");
        Assert.Equal(expected, await peer.ReadAsync(expected.Length));
        peer.Close();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await served.Within("the end of the connection")).Reason);
    }

    [Fact]
    public async Task Receiver_RecordedBadFrame_ClosesTheConnection()
    {
        foreach (JsonElement vector in Vectors.GetProperty("ipc_bad_frames").EnumerateArray())
        {
            string what = vector.GetProperty("what").GetString()!;
            using var peer = new RawPeer();
            Task<ConnectionEnd> ended;
            if (what.StartsWith("REP to REQ", StringComparison.Ordinal))
            {
                await peer.WriteAsync(SpHeader.Encode(SpProtocol.Rep));
                ReqSocket req = await ReqSocket.OpenAsync(peer.Ours, SpOptions.Default, TestContext.Current.CancellationToken);
                ended = req.Completion;
            }
            else
            {
                var rep = new RepSocket((_, _) => throw new InvalidOperationException("No request should get here."), SpOptions.Default);
                ended = rep.ServeAsync(peer.Ours, TestContext.Current.CancellationToken);
                await peer.NegotiateAsync(SpProtocol.Req);
            }

            await peer.WriteAsync(Hex(vector, "hex"));

            ConnectionEnd end = await ended.Within($"the end after '{what}'");
            Assert.Equal(ConnectionEndReason.Violated, end.Reason);
            Assert.IsType<WireException>(end.Error);
        }
    }

    private static SpProtocol Protocol(string name) => Enum.Parse<SpProtocol>(name, ignoreCase: true);

    private static byte[] Hex(JsonElement vector, string property) => Convert.FromHexString(vector.GetProperty(property).GetString()!);
}
