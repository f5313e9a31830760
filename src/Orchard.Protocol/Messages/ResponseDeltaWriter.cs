using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Encodes deltas, topic included, so that the strictest reader of the family takes them.</summary>
internal static class ResponseDeltaWriter
{
    public static void Write(ulong responseChannelId, ResponseDelta delta, IBufferWriter<byte> writer) => throw new NotImplementedException();
}
