using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>
/// Decodes the JSON of a delta. As tolerant as PIE-compatible clients: accepts missing and unknown members, explicit nulls, any order, and
/// numbers in either notation.
/// </summary>
internal static class ResponseDeltaReader
{
    /// <exception cref="ResponseDeltaException">Not a JSON object, no usable <c>request_id</c>, or a member of the wrong kind.</exception>
    public static ResponseDelta Read(in ReadOnlySequence<byte> json)
    {
        try
        {
            var reader = json.IsSingleSegment ? new Utf8JsonReader(json.FirstSpan) : new Utf8JsonReader(json);
            reader.Read();
            JsonValue.RequireObject(ref reader, "a JSON object");
            var fields = default(DeltaFields);
            DeltaMembers.All.Read(ref reader, ref fields, json);
            reader.Read();
            return fields.ToDelta();
        }
        catch (Exception e) when (BadJson.Is(e))
        {
            throw new ResponseDeltaException($"A response cannot be read: {e.Message}", MessageIdentity.Find(json).RequestId);
        }
    }
}
