using System.Text.Json.Nodes;

namespace Orchard.Extensions.AI;

/// <summary>
/// Adds to the schema of a parameter what its type requires, and Microsoft.Extensions.AI does not say: ranges of integers, names of flags,
/// keys of dictionaries, base64. Its structure, descriptions and optional properties are kept. Pure.
/// </summary>
internal static class SchemaRefinement
{
    private static readonly string[] Keywords =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "contentEncoding", "propertyNames", "not",
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "allOf",
    ];

    /// <param name="node">The schema to complete.</param>
    /// <param name="exact">The schema of the same type that says everything.</param>
    public static void Refine(JsonNode? node, JsonNode? exact)
    {
        if (node is not JsonObject schema || exact is not JsonObject known || schema.ContainsKey("$ref") || known.ContainsKey("$ref"))
        {
            return;
        }

        foreach (string keyword in Keywords)
        {
            if (known[keyword] is { } value && !schema.ContainsKey(keyword))
            {
                schema[keyword] = value.DeepClone();
            }
        }

        RefineText(schema, known);
        Refine(schema["items"], known["items"]);
        Refine(schema["additionalProperties"], known["additionalProperties"]);
        if (schema["properties"] is JsonObject properties && known["properties"] is JsonObject knownProperties)
        {
            foreach ((string name, JsonNode? property) in properties)
            {
                Refine(property, knownProperties[name]);
            }
        }

        if (schema["anyOf"] is JsonArray alternatives && known["anyOf"] is JsonArray knownAlternatives
            && alternatives.Count == knownAlternatives.Count)
        {
            for (int i = 0; i < alternatives.Count; i++)
            {
                Refine(alternatives[i], knownAlternatives[i]);
            }
        }
    }

    private static void RefineText(JsonObject schema, JsonObject known)
    {
        if (known["pattern"] is { } pattern)
        {
            schema["pattern"] = pattern.DeepClone();
            if (!known.ContainsKey("format"))
            {
                schema.Remove("format"); // of a time with an offset, which the pattern excludes
            }
        }

        // Numbers that may also be written as text, in more forms than their type can read.
        if (Types(schema) is { } types && Types(known) is { } exact && types.Contains("string") && !exact.Contains("string")
            && (exact.Contains("integer") || exact.Contains("number")))
        {
            schema["type"] = known["type"]!.DeepClone();
            schema.Remove("pattern");
        }
    }

    private static string[]? Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => [.. types.Select(type => type!.GetValue<string>())],
        JsonValue type => [type.GetValue<string>()],
        _ => null,
    };
}
