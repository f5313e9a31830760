using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>Capability names and their token ids, which the wire gives as a list or as a single id. Written as lists.</summary>
internal sealed class CapabilityTokensConverter : JsonConverter<IReadOnlyDictionary<string, int[]>>
{
    public override IReadOnlyDictionary<string, int[]> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where an object of capabilities is expected");
        }

        var capabilities = new Dictionary<string, int[]>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            capabilities[name] = ReadTokens(ref reader);
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

    private static int[] ReadTokens(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return [WireNumber.ReadInt32(ref reader)];
        }

        var tokens = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            tokens.Add(WireNumber.ReadInt32(ref reader));
        }

        return [.. tokens];
    }
}
