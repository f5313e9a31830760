using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes the JSON of a delta. Tolerant as the siblings are: missing and unknown keys, explicit nulls, any order, numbers in either notation.</summary>
internal static class ResponseDeltaReader
{
    /// <exception cref="ResponseDeltaException">Not a JSON object, one without a usable <c>request_id</c>, or a field of the wrong kind.</exception>
    public static ResponseDelta Read(in ReadOnlySequence<byte> json)
    {
        try
        {
            var reader = json.IsSingleSegment ? new Utf8JsonReader(json.FirstSpan) : new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException($"{reader.TokenType} where a JSON object is expected");
            }

            var fields = default(DeltaFields);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                fields.Read(ref reader, json);
            }

            reader.Read();
            return fields.ToDelta();
        }
        catch (Exception e) when (BadJson.Is(e))
        {
            throw new ResponseDeltaException($"A response cannot be read: {e.Message}", MessageIdentity.Find(json).RequestId);
        }
    }
}
