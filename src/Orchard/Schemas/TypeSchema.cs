using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Schemas;

/// <summary>Converts .NET types to JSON schemas for values that their own converters read. Pure.</summary>
internal static class TypeSchema
{
    private static readonly JsonSchemaExporterOptions Exporter =
        new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    private static readonly JsonSchemaExporterOptions ArgumentsExporter =
        new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = CompleteArguments };

    /// <summary>Returns the schema of a type by its JSON contract.</summary>
    public static JsonElement Of(JsonTypeInfo type) => Export(type, Exporter);

    /// <summary>
    /// Returns the schema of a type that has the arguments of a tool as properties: those with a default value may be left out.
    /// </summary>
    public static JsonElement OfArguments(JsonTypeInfo type) => Export(type, ArgumentsExporter);

    private static JsonElement Export(JsonTypeInfo type, JsonSchemaExporterOptions options)
    {
        string json = type.GetJsonSchemaAsNode(options).ToJsonString();
        using var schema = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1024 });
        return schema.RootElement.Clone();
    }

    private static JsonNode CompleteArguments(JsonSchemaExporterContext context, JsonNode schema)
    {
        JsonNode completed = Complete(context, schema);
        if (completed is JsonObject node && node["properties"] is not null && node["required"] is JsonArray required)
        {
            foreach (JsonPropertyInfo property in context.TypeInfo.Properties)
            {
                if (property.AssociatedParameter is { HasDefaultValue: true }
                    && required.FirstOrDefault(name => name!.GetValue<string>() == property.Name) is { } optional)
                {
                    required.Remove(optional);
                }
            }
        }

        return completed;
    }

    // Adds what the exporter leaves open.
    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (schema is not JsonObject node)
        {
            return type == typeof(JsonValue) ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") } : schema;
        }

        if (node["properties"] is JsonObject properties)
        {
            RequireProperties(node, properties, context.Path);
        }

        if (node.ContainsKey("type"))
        {
            LeaveOutNumbersAsText(node);
            ScalarSchema.Complete(node, type, context.TypeInfo);
            if (context.TypeInfo is { Kind: JsonTypeInfoKind.Dictionary, KeyType: { } key })
            {
                KeySchema.Complete(node, key, context.TypeInfo.Options);
            }
        }

        if (context.PropertyInfo is { } property && !node.ContainsKey("$ref"))
        {
            AnnotationSchema.Complete(node, property);
        }

        return node;
    }

    // Answers have every property, except those without which there is no end to a type that contains itself.
    private static void RequireProperties(JsonObject node, JsonObject properties, ReadOnlySpan<string> path)
    {
        string here = path.Length == 0 ? "#" : $"#/{string.Join('/', path.ToArray())}";
        var required = new HashSet<string>(StringComparer.Ordinal);
        if (node["required"] is JsonArray given)
        {
            required.UnionWith(given.Select(name => name!.GetValue<string>()));
        }

        node["required"] = new JsonArray(
        [
            .. properties.Where(property => required.Contains(property.Key) || !Contains(property.Value, here))
                .Select(property => (JsonNode)property.Key),
        ]);
        node["additionalProperties"] ??= false;
    }

    private static bool Contains(JsonNode? value, string here) =>
        value is JsonObject schema && schema["$ref"]?.GetValue<string>() is { } target
        && (target == here || target == "#" || here.StartsWith(target + "/", StringComparison.Ordinal));

    // Converters that also read numbers from strings read those of any length, but not into any type.
    private static void LeaveOutNumbersAsText(JsonObject node)
    {
        if (node["type"] is JsonArray types && node.ContainsKey("pattern")
            && types.Any(type => type!.GetValue<string>() is "integer" or "number")
            && types.FirstOrDefault(type => type!.GetValue<string>() == "string") is { } text)
        {
            types.Remove(text);
            node.Remove("pattern");
        }
    }
}
