using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Protocol.Messages.Json;

/// <summary>
/// Reads a list of at most <paramref name="maxEntries"/> entries. An empty object takes two bytes on the wire and far more in memory, so
/// an uncapped list would let a message claim many times its own size.
/// </summary>
internal abstract class CappedListConverter<T>(int maxEntries) : JsonConverter<List<T>>
    where T : class
{
    public override List<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonValue.RequireArray(ref reader);
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var list = new List<T>();
        while (JsonValue.ReadEntry(ref reader))
        {
            if (list.Count == maxEntries)
            {
                throw new JsonException($"an array has more than {maxEntries} entries");
            }

            list.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null where an object is expected"));
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, List<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The metadata of a request is written by RequestMetadataWriter.");
}
