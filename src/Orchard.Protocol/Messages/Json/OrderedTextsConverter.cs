using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Json;

/// <summary>Reads an object of strings and keeps the order in which the sender wrote its keys.</summary>
internal sealed class OrderedTextsConverter : JsonConverter<List<KeyValuePair<string, string>>>
{
    public override List<KeyValuePair<string, string>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonValue.RequireObject(ref reader, "an object");
        var texts = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !names.Add(name))
            {
                throw new JsonException("an object of strings contains another kind of value or a duplicate key");
            }

            texts.Add(new(name, reader.GetString()!));
        }

        return texts;
    }

    public override void Write(Utf8JsonWriter writer, List<KeyValuePair<string, string>> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The metadata of a request is written by RequestMetadataWriter.");
}
