using System.Text.Json;
using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Management;

/// <summary>Converts token ids by capability name. Reads a list or a single id; writes lists.</summary>
internal sealed class CapabilityTokensConverter : JsonConverter<IReadOnlyDictionary<string, int[]>>
{
    public override IReadOnlyDictionary<string, int[]> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonValue.RequireObject(ref reader, "an object of capabilities");
        var capabilities = new Dictionary<string, int[]>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            capabilities[name] = reader.TokenType == JsonTokenType.StartArray
                ? JsonValue.ReadTokens(ref reader)
                : [WireNumber.ReadInt32(ref reader)];
        }

        return capabilities;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, int[]> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, int[] tokens) in value)
        {
            writer.WriteStartArray(name);
            foreach (int token in tokens)
            {
                writer.WriteNumberValue(token);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
