using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes the JSON of a delta. Tolerant as the siblings are: missing and unknown keys, explicit nulls, any order, numbers in either notation.</summary>
internal static class ResponseDeltaReader
{
    /// <exception cref="WireException">Not a JSON object, or one without a usable <c>request_id</c>.</exception>
    public static ResponseDelta Read(in ReadOnlySequence<byte> json) => throw new NotImplementedException();
}
