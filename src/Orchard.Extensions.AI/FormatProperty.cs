using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchard.Extensions.AI;

/// <summary>Reads response formats in the forms of Ollama, vLLM, llama.cpp and OpenAI.</summary>
internal static class FormatProperty
{
    /// <exception cref="ArgumentException">The value is no format.</exception>
    public static ResponseFormat Of(AdditionalProperty property) => property.Value switch
    {
        string or JsonElement { ValueKind: JsonValueKind.String } when OfName(property.ToText()) is { } named => named,
        _ => property.TryReadJson() is { ValueKind: JsonValueKind.Object } json
            ? OfObject(property, json)
            : throw property.Invalid("\"json\", a JSON Schema, or a response format of OpenAI"),
    };

    /// <summary>The answer is one of several texts.</summary>
    /// <exception cref="ArgumentException">The value is not a list of strings.</exception>
    public static ResponseFormat OfChoices(AdditionalProperty property) =>
        ResponseFormat.Regex(string.Join('|', property.ToTexts().Select(Escape)));

    private static ResponseFormat? OfName(string name) => name switch
    {
        "json" or "json_object" => ResponseFormat.JsonObject,
        "" or "text" => ResponseFormat.Text,
        _ => null,
    };

    private static ResponseFormat OfObject(AdditionalProperty property, JsonElement json)
    {
        if (json.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String)
        {
            if (type.GetString() is "json_object" or "text")
            {
                return OfName(type.GetString()!)!;
            }

            if (type.ValueEquals("json_schema"))
            {
                return json.TryGetProperty("json_schema", out JsonElement named) && named.ValueKind == JsonValueKind.Object
                    ? OfNamedSchema(named)
                    : throw property.Invalid("a response format with a json_schema");
            }
        }

        return json.TryGetProperty("schema", out JsonElement schema) && schema.ValueKind == JsonValueKind.Object
            ? OfNamedSchema(json)
            : ResponseFormat.JsonSchema(json, strict: false);
    }

    private static ResponseFormat OfNamedSchema(JsonElement named) => ResponseFormat.JsonSchema(
        named.TryGetProperty("schema", out JsonElement schema) ? schema : named,
        named.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null,
        named.TryGetProperty("strict", out JsonElement strict) && strict.ValueKind == JsonValueKind.True);

    // White space and '#' need no escape in the engine's expressions, and some escapes of .NET's have none there.
    private static string Escape(string text) => Regex.Replace(text, @"[\\^$.|?*+()\[\]{}/-]", @"\$0");
}
