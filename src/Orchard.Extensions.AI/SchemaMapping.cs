using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Adapts the JSON schemas that Microsoft.Extensions.AI generates from .NET types: what no converter of the type reads is excluded. Pure.
/// </summary>
internal static class SchemaMapping
{
    private const string Wrapped = "#/properties/data";
    private const string TimeOfDay = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?";

    // As the runtime's converters write them, with what they accept.
    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["^-?(\\d+\\.)?\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,7})?$"] = $"^-?([0-9]{{1,7}}\\.)?{TimeOfDay}$", // TimeSpan
        ["^\\d+(\\.\\d+){1,3}$"] = "^[0-9]{1,9}(\\.[0-9]{1,9}){1,3}$", // Version
    };

    // Names of types in other languages, and in the schemas of other services.
    private static readonly Dictionary<string, string?> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["string"] = "string",
        ["str"] = "string",
        ["text"] = "string",
        ["integer"] = "integer",
        ["int"] = "integer",
        ["long"] = "integer",
        ["int32"] = "integer",
        ["int64"] = "integer",
        ["number"] = "number",
        ["float"] = "number",
        ["double"] = "number",
        ["decimal"] = "number",
        ["boolean"] = "boolean",
        ["bool"] = "boolean",
        ["array"] = "array",
        ["list"] = "array",
        ["tuple"] = "array",
        ["set"] = "array",
        ["object"] = "object",
        ["dict"] = "object",
        ["map"] = "object",
        ["null"] = "null",
        ["none"] = "null",
        ["any"] = null,
        ["unknown"] = null,
        ["type_unspecified"] = null,
    };

    private static readonly JsonElement AnyArguments = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>Whether a schema is refused if not all of it can be enforced. The names are those of Microsoft's own adapters.</summary>
    public static bool IsStrict(IEnumerable<KeyValuePair<string, object?>>? properties) => properties?.Any(property =>
        (string.Equals(property.Key, "strict", StringComparison.OrdinalIgnoreCase)
            || string.Equals(property.Key, "strictJsonSchema", StringComparison.OrdinalIgnoreCase))
        && property.Value is true or JsonElement { ValueKind: JsonValueKind.True }) == true;

    /// <summary>Returns the schema of an answer.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The name of the type that it was generated from; null if it was given as a schema.</param>
    public static JsonElement ForAnswer(JsonElement schema, string? name)
    {
        if (ToNode(schema) is not { } root)
        {
            return schema;
        }

        Adapt(root, hasDotNetTimes: name is not null);
        if (name is not null && IsWrapper(root))
        {
            MoveReferences(root["properties"]!["data"]);
        }

        return ToElement(root);
    }

    /// <summary>
    /// Returns the schema of a function's arguments. One that does not describe an object, as arguments are, restricts nothing.
    /// </summary>
    public static JsonElement ForArguments(AIFunctionDeclaration function)
    {
        if (ToNode(function.JsonSchema) is not { } root)
        {
            return AnyArguments;
        }

        var method = (function as AIFunction)?.UnderlyingMethod;
        Adapt(root, hasDotNetTimes: method is not null);
        if (root["properties"] is not null and not JsonObject)
        {
            root.Remove("properties");
        }

        if (TextOf(root, "type") is { } type && type != "object")
        {
            return AnyArguments;
        }

        foreach (ParameterInfo parameter in method?.GetParameters() ?? [])
        {
            if (parameter.Name is { } name && root["properties"] is JsonObject properties && properties[name] is JsonObject node
                && ((AIFunction)function).JsonSerializerOptions.TryGetTypeInfo(parameter.ParameterType, out JsonTypeInfo? contract))
            {
                SchemaRefinement.Refine(node, JsonObject.Create(Tool.SchemaOf(contract)));
            }
        }

        return ToElement(root);
    }

    private static JsonObject? ToNode(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object ? JsonObject.Create(schema.Clone()) : null;

    private static JsonElement ToElement(JsonObject root)
    {
        using JsonDocument document = JsonDocument.Parse(root.ToJsonString(), new JsonDocumentOptions { MaxDepth = 1024 });
        return document.RootElement.Clone();
    }

    private static void Adapt(JsonObject schema, bool hasDotNetTimes)
    {
        AdaptType(schema);
        AdaptBounds(schema);
        if (TextOf(schema, "pattern") is { } pattern && Patterns.TryGetValue(pattern, out string? exact))
        {
            schema["pattern"] = exact;
        }

        if (hasDotNetTimes && TextOf(schema, "format") == "time" && !schema.ContainsKey("pattern"))
        {
            // The standard's format has an offset, which TimeOnly does not have.
            schema.Remove("format");
            schema["pattern"] = $"^{TimeOfDay}$";
        }

        foreach (JsonObject child in Subschemas(schema))
        {
            Adapt(child, hasDotNetTimes);
        }
    }

    private static void AdaptType(JsonObject schema)
    {
        if (TextOf(schema, "type") is not { } given || !Types.TryGetValue(given, out string? type))
        {
            return;
        }

        if (type is null)
        {
            schema.Remove("type");
        }
        else
        {
            schema["type"] = type;
        }
    }

    // Microsoft.Extensions.AI writes the bounds of ranges of decimals and longs as texts.
    private static void AdaptBounds(JsonObject schema)
    {
        foreach (string keyword in (string[])["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        {
            if (TextOf(schema, keyword) is { } text
                && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal bound))
            {
                schema[keyword] = bound;
            }
        }
    }

    // Not the values of enumerations, constants, defaults and examples, which only look like schemas.
    private static IEnumerable<JsonObject> Subschemas(JsonObject schema)
    {
        foreach ((string keyword, JsonNode? value) in schema.ToArray())
        {
            IEnumerable<JsonNode?> found = keyword switch
            {
                "properties" or "$defs" or "definitions" or "patternProperties" or "dependentSchemas" => Children(value),
                "anyOf" or "allOf" or "oneOf" or "prefixItems" or "items" when value is JsonArray => Children(value),
                "items" or "additionalProperties" or "not" or "if" or "then" or "else" or "contains" or "propertyNames" => [value],
                _ => [],
            };
            foreach (JsonObject child in found.OfType<JsonObject>())
            {
                yield return child;
            }
        }
    }

    // GetResponseAsync<T> wraps a schema that is not of an object, without moving the references in it.
    private static bool IsWrapper(JsonObject root) =>
        root.Count == 5 && root.ContainsKey("$schema") && TextOf(root, "type") == "object"
        && root["additionalProperties"] is JsonValue others && others.GetValueKind() == JsonValueKind.False
        && root["properties"] is JsonObject { Count: 1 } properties && properties.ContainsKey("data")
        && root["required"] is JsonArray { Count: 1 };

    private static void MoveReferences(JsonNode? node)
    {
        if (node is JsonObject schema && TextOf(schema, "$ref") is { } reference
            && (reference == "#" || reference.StartsWith("#/", StringComparison.Ordinal))
            && !reference.StartsWith(Wrapped, StringComparison.Ordinal))
        {
            schema["$ref"] = Wrapped + reference[1..];
        }

        foreach (JsonNode? child in Children(node))
        {
            MoveReferences(child);
        }
    }

    private static IEnumerable<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonObject item => item.Select(member => member.Value),
        JsonArray list => list,
        _ => [],
    };

    private static string? TextOf(JsonObject schema, string keyword) =>
        schema[keyword] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
