using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;
using Orchard.Protocol.Tests.Sockets;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>
/// Every decoder either accepts a damaged message or throws its own exception, and uses memory in proportion to the message in both cases.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    [Fact]
    public void WireRequestReader_MutatedFrames_ThrowsOnlyItsOwnException()
    {
        byte[][] seeds = [.. VectorFile.Requests.Select(row => VectorFile.LoadRequest(row.Data).Bytes)];

        Try(seeds, 4, bytes => _ = WireRequestReader.Read(bytes), e => e is WireRequestException);
    }

    [Fact]
    public void ResponseDeltaReader_MutatedDeltas_ThrowsOnlyItsOwnException() => Try(
        Mutations.Payloads("msg_delta_"), 0, bytes => _ = ResponseDeltaReader.Read(bytes), e => e is ResponseDeltaException);

    [Fact]
    public void EngineEvent_MutatedEvents_ThrowsOnlyWireException() => Try(
        Mutations.Payloads("msg_event_"), 0, bytes => _ = EngineEventReader.Read(bytes), e => e is WireException);

    [Fact]
    public void ManagementJson_MutatedCommands_ThrowsOnlyWireException()
    {
        byte[][] requests = [.. Commands.Select(c => Encoding.UTF8.GetBytes(c.GetProperty("request").GetRawText()))];

        Try(requests, 0, bytes => _ = ManagementJson.DecodeCommand(bytes), e => e is WireException);
    }

    [Fact]
    public void ManagementJson_MutatedReplies_ThrowsOnlyWireException()
    {
        byte[][] replies = [.. Commands.SelectMany(c => c.GetProperty("replies").EnumerateArray()).Select(r => Encoding.UTF8.GetBytes(r.GetProperty("reply").GetRawText()))];

        Try(replies, 0, bytes => _ = ManagementJson.DecodeReply(bytes.ToArray()), e => e is WireException);
    }

    [Fact]
    public void SpFrame_MutatedStreams_ThrowsOnlyWireException()
    {
        byte[][] streams =
        [
            [.. RawPeer.Frame("one"), .. RawPeer.Frame(""), .. RawPeer.Frame("and a longer one")],
            .. VectorFile.Requests.Take(4).Select(row => RawPeer.Frame(Encoding.Latin1.GetString(VectorFile.LoadRequest(row.Data).Bytes))),
        ];

        Try(
            streams,
            0,
            bytes =>
            {
                long left;
                do
                {
                    left = bytes.Length;
                }
                while (SpFrame.TryRead(ref bytes, 64 * 1024, out ReadOnlySequence<byte> message) && bytes.Length + message.Length < left);
            },
            e => e is WireException);
    }

    [Fact]
    public void SpHeader_MutatedHeaders_ThrowsOnlyWireException() => Try(
        [SpHeader.Encode(SpProtocol.Pub), SpHeader.Encode(SpProtocol.Rep), SpHeader.Encode(SpProtocol.Pull)],
        0,
        bytes =>
        {
            if (bytes.Length >= SpHeader.Length)
            {
                SpHeader.Verify(bytes.Slice(0, SpHeader.Length).ToArray(), SpProtocol.Sub);
            }
        },
        e => e is WireException);

    [Theory]
    [InlineData("believes the length")]
    [InlineData("runs off the end")]
    public void Mutations_CarelessReader_IsCaught(string fault)
    {
        byte[][] seeds = [.. VectorFile.Requests.Select(row => VectorFile.LoadRequest(row.Data).Bytes)];

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Try(
            seeds,
            4,
            bytes =>
            {
                byte[] frame = bytes.ToArray();
                int length = BitConverter.ToInt32(frame); // both: a frame of less than four bytes
                _ = fault == "believes the length" ? GC.AllocateUninitializedArray<byte>(length & 0xFFFFFF) : [frame[length + 3]];
            },
            e => e is WireRequestException));
    }

    private static JsonElement[] Commands => [.. VectorFile.LoadManagement().GetProperty("commands").EnumerateArray()];

    private void Try(byte[][] seeds, int prefixLength, Action<ReadOnlySequence<byte>> decode, Func<Exception, bool> isExpected) =>
        Mutations.Try(seeds, prefixLength, decode, isExpected, output);
}
