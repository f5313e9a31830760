using System.Buffers;
using System.Text;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;

namespace Orchard.Benchmarks.Ipc;

/// <summary>Bytes on the wire, there and back, the frame headers included.</summary>
/// <param name="Request">From the client.</param>
/// <param name="Reply">From the other side.</param>
internal readonly record struct Sizes(int Request, int Reply)
{
    /// <summary>Those of our own request and first delta.</summary>
    public static Sizes OfOurs()
    {
        var request = new ArrayBufferWriter<byte>();
        var frame = new WireRequest
        {
            RequestId = ulong.MaxValue / 3,
            ModelId = "/tmp/orb-123456/stub.gguf",
            ModelPath = "/tmp/orb-123456/stub.gguf",
            ResponseChannelId = ulong.MaxValue / 3,
            Prompts =
            [
                new WirePrompt { Text = Encoding.UTF8.GetBytes($"<|im_start|>user\n{ClientPingPong.Question}<|im_end|>\n<|im_start|>assistant\n") },
            ],
        };
        WireRequestWriter.Write(frame, request, omitDefaults: true);
        var reply = new ArrayBufferWriter<byte>();
        ResponseDeltaWriter.Write(frame.ResponseChannelId, StubEngine.FirstDelta(frame.RequestId), reply);
        return new Sizes(request.WrittenCount + SpFrame.HeaderLength, reply.WrittenCount + SpFrame.HeaderLength);
    }
}
