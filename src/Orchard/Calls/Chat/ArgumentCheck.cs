using System.Text.Json;

namespace Orchard.Calls.Chat;

/// <summary>Validates the arguments of a call against its tool's schema: types, required and unknown properties, enumerations.</summary>
/// <remarks>
/// Arguments constrained by an engine's grammar are always valid. The check is for engines without one, and for calls that were cut off.
/// </remarks>
internal static class ArgumentCheck
{
    private const int MaxDepth = 64;

    /// <summary>Returns a description of the first problem, with its path; null when there is none.</summary>
    public static string? Find(JsonElement value, JsonElement schema) => Find(value, schema, "$", 0);

    private static string? Find(JsonElement value, JsonElement schema, string path, int depth)
    {
        if (depth > MaxDepth || schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.False ? $"{path} is not allowed" : null;
        }

        if (schema.TryGetProperty("type", out JsonElement type) && !HasType(value, type))
        {
            return $"{path} is {Describe(value)}, not {type.GetRawText()}";
        }

        if (schema.TryGetProperty("enum", out JsonElement choices) && choices.ValueKind == JsonValueKind.Array
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            return $"{path} is {Shorten(value.GetRawText())}, which is none of {Shorten(choices.GetRawText())}";
        }

        if (schema.TryGetProperty("const", out JsonElement constant) && !JsonElement.DeepEquals(constant, value))
        {
            return $"{path} is {Shorten(value.GetRawText())}, not {Shorten(constant.GetRawText())}";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => FindInObject(value, schema, path, depth),
            JsonValueKind.Array when schema.TryGetProperty("items", out JsonElement items) => value.EnumerateArray()
                .Select((item, index) => Find(item, items, $"{path}[{index}]", depth + 1)).FirstOrDefault(problem => problem is not null),
            _ => null,
        };
    }

    private static string? FindInObject(JsonElement value, JsonElement schema, string path, int depth)
    {
        if (schema.TryGetProperty("required", out JsonElement required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))
                {
                    return $"{path} lacks '{name.GetString()}'";
                }
            }
        }

        bool hasProperties =
            schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object;
        bool isClosed = schema.TryGetProperty("additionalProperties", out JsonElement others) && others.ValueKind == JsonValueKind.False
            && !schema.TryGetProperty("patternProperties", out _);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(property.Name, out JsonElement inner))
            {
                if (Find(property.Value, inner, $"{path}.{property.Name}", depth + 1) is { } problem)
                {
                    return problem;
                }
            }
            else if (isClosed)
            {
                return $"{path} has '{property.Name}', which the schema does not allow";
            }
        }

        return null;
    }

    private static bool HasType(JsonElement value, JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Any(one => HasType(value, one)),
        JsonValueKind.String => type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
            _ => true,
        },
        _ => true,
    };

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Shorten(value.GetRawText()),
    };

    private static string Shorten(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
