using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    private static readonly Dictionary<Type, (long Min, long Max)> Ranges = new()
    {
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue),
        [typeof(byte)] = (byte.MinValue, byte.MaxValue),
        [typeof(short)] = (short.MinValue, short.MaxValue),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue),
        [typeof(int)] = (int.MinValue, int.MaxValue),
        [typeof(uint)] = (uint.MinValue, uint.MaxValue),
    };

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
        if (name is null || ToNode(schema) is not { } root)
        {
            return schema;
        }

        Adapt(root);
        if (IsWrapper(root))
        {
            MoveReferences(root["properties"]!["data"]);
        }

        return ToElement(root);
    }

    /// <summary>Returns the schema of a function's arguments.</summary>
    public static JsonElement ForArguments(AIFunctionDeclaration function)
    {
        if (function is not AIFunction { UnderlyingMethod: { } method } || ToNode(function.JsonSchema) is not { } root)
        {
            return function.JsonSchema;
        }

        Adapt(root);
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (parameter.Name is { } name && Ranges.TryGetValue(type, out (long Min, long Max) range)
                && root["properties"] is JsonObject properties && properties[name] is JsonObject node
                && !node.ContainsKey("enum") && node.ContainsKey("type"))
            {
                node.TryAdd("minimum", range.Min);
                node.TryAdd("maximum", range.Max);
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

    private static void Adapt(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (TextOf(schema, "pattern") is { } pattern && Patterns.TryGetValue(pattern, out string? exact))
            {
                schema["pattern"] = exact;
            }

            if (TextOf(schema, "format") == "time" && !schema.ContainsKey("pattern"))
            {
                // The standard's format has an offset, which TimeOnly does not have.
                schema.Remove("format");
                schema["pattern"] = $"^{TimeOfDay}$";
            }
        }

        foreach (JsonNode? child in Children(node))
        {
            Adapt(child);
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
