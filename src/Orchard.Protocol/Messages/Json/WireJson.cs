using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Protocol.Messages.Json;

/// <summary>Options and decoding shared by all source-generated messages, that is by every message except response deltas.</summary>
internal static class WireJson
{
    /// <summary>
    /// Creates the options of one serializer context. Unknown keys, any key order and both number notations are accepted. Duplicate keys
    /// are rejected, because two peers could pick different ones.
    /// </summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new WireNumberConverters.Int32(),
            new WireNumberConverters.Int64(),
            new WireNumberConverters.UInt64(),
            new WireNumberConverters.FiniteDouble(),
        },
    };

    /// <summary>Decodes exactly one JSON value.</summary>
    /// <exception cref="WireException">The bytes are not such a value; the message starts with <paramref name="what"/>.</exception>
    public static T Decode<T>(in ReadOnlySequence<byte> json, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            T? value = JsonSerializer.Deserialize(ref reader, type);
            while (reader.Read())
            {
                // Throws for anything but white space after the value.
            }

            return value ?? throw new WireException($"{what} is null where a JSON object is expected.");
        }
        catch (IndexOutOfRangeException e)
        {
            throw new WireException($"{what} cannot be read: it ends inside a literal.", e);
        }
        catch (JsonException e)
        {
            // Messages of the serializer contain the JSON path; messages of our converters do not.
            string path = e.Path is null || e.Message.Contains(e.Path, StringComparison.Ordinal) ? "" : $" (at {e.Path})";
            throw new WireException($"{what} cannot be read: {e.Message}{path}", e);
        }
    }
}
