using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Protocol.Messages;

/// <summary>
/// Lists whose entries are much larger in memory than the two bytes an empty one takes on the wire. Their length is capped, so that a frame
/// cannot claim many times its own size.
/// </summary>
internal static class CappedListConverters
{
    public const int MaxPrompts = 4096;
    public const int MaxCapabilities = 4096;
    public const int MaxToolCallFormats = 256;

    public sealed class Prompts() : Base<PromptMetadata>(MaxPrompts, WireJson.Instance.PromptMetadata);

    public sealed class Capabilities() : Base<CapabilityMetadata>(MaxCapabilities, WireJson.Instance.CapabilityMetadata);

    public sealed class ToolCallFormats() : Base<ToolCallFormatMetadata>(MaxToolCallFormats, WireJson.Instance.ToolCallFormatMetadata);

    public abstract class Base<T>(int cap, JsonTypeInfo<T> type) : JsonConverter<List<T>>
        where T : class
    {
        public override List<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException($"{reader.TokenType} where an array is expected");
            }

            var list = new List<T>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (list.Count == cap)
                {
                    throw new JsonException($"an array has more than {cap} entries");
                }

                list.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null where an object is expected"));
            }

            return list;
        }

        public override void Write(Utf8JsonWriter writer, List<T> value, JsonSerializerOptions options) =>
            throw new NotSupportedException("Metadata is written by RequestMetadataWriter.");
    }
}
