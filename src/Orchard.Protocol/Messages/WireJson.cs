using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Protocol.Messages;

/// <summary>The source-generated JSON of every message that is not on the token path, and how tolerant it is.</summary>
[JsonSerializable(typeof(RequestMetadata))]
[JsonSerializable(typeof(ManagementCommand))]
[JsonSerializable(typeof(ManagementReply))]
[JsonSerializable(typeof(Telemetry))]
[JsonSerializable(typeof(ModelLoadedPayload))]
[JsonSerializable(typeof(ModelLoadFailedPayload))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Unknown keys and any key order are fine, numbers come in either notation; a key given twice is not, since peers would disagree on it.</summary>
    public static WireJson Instance { get; } = new(new JsonSerializerOptions
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
    });

    /// <summary>Decodes exactly one value.</summary>
    /// <exception cref="WireException">The bytes are not such a value; <paramref name="what"/> names it in the message.</exception>
    public static T Decode<T>(in ReadOnlySequence<byte> json, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            T? value = JsonSerializer.Deserialize(ref reader, type);
            while (reader.Read())
            {
                // Anything but white space after the value throws.
            }

            return value ?? throw new WireException($"{what} is null where a JSON object is expected.");
        }
        catch (IndexOutOfRangeException e)
        {
            throw new WireException($"{what} cannot be read: it ends inside a literal.", e);
        }
        catch (JsonException e)
        {
            // The serializer's own messages tell the place; those of the converters do not.
            string place = e.Path is null || e.Message.Contains(e.Path, StringComparison.Ordinal) ? "" : $" (at {e.Path})";
            throw new WireException($"{what} cannot be read: {e.Message}{place}", e);
        }
    }
}
