using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes request frames and believes nothing in them: every offset, size and count is checked against the bytes that are there.</summary>
internal static class RequestFrameReader
{
    /// <summary>Decodes one frame into memory of its own.</summary>
    /// <exception cref="RequestFrameException">The frame breaks a rule; carries who sent it as far as that could be read.</exception>
    public static RequestFrame Read(in ReadOnlySequence<byte> frame) => throw new NotImplementedException();
}
