using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Encodes request frames, byte for byte as the family's reference serializer does.</summary>
internal static class RequestFrameWriter
{
    /// <exception cref="ArgumentException">The frame cannot be sent: a number that is not finite, an unpaired surrogate, a layout that does not add up, no prompt.</exception>
    public static void Write(RequestFrame frame, IBufferWriter<byte> writer) => throw new NotImplementedException();
}
