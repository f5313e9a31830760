using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>An object of strings, in the order in which the sender wrote it.</summary>
internal sealed class OrderedTextsConverter : JsonConverter<List<KeyValuePair<string, string>>>
{
    public override List<KeyValuePair<string, string>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where an object is expected");
        }

        var texts = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !names.Add(name))
            {
                throw new JsonException("an object of strings has another value, or a key twice");
            }

            texts.Add(new(name, reader.GetString()!));
        }

        return texts;
    }

    public override void Write(Utf8JsonWriter writer, List<KeyValuePair<string, string>> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Metadata is written by RequestMetadataWriter.");
}
