using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Calls.Chat;

/// <summary>Types as schemas, and answers as their values. Pure.</summary>
internal static class StructuredOutput
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>Returns the JSON contract that the options have for a type.</summary>
    /// <exception cref="ArgumentException">They have none.</exception>
    public static JsonTypeInfo<T> ContractOf<T>(JsonSerializerOptions serializerOptions)
    {
        ArgumentNullException.ThrowIfNull(serializerOptions);
        return serializerOptions.TryGetTypeInfo(typeof(T), out JsonTypeInfo? type)
            ? (JsonTypeInfo<T>)type
            : throw new ArgumentException(
                $"The serializer options have no JSON contract for {typeof(T)}. Set {nameof(JsonSerializerOptions.TypeInfoResolver)} to a "
                + "JsonSerializerContext that lists the type, or use JsonSerializerOptions.Web where reflection is available.",
                nameof(serializerOptions));
    }

    /// <summary>The options, with the schema of a type as the format.</summary>
    /// <exception cref="ArgumentException">They have a format of their own.</exception>
    public static GenerationOptions Hold(GenerationOptions? options, JsonTypeInfo type)
    {
        options ??= GenerationOptions.Default;
        if (options.ResponseFormat is { IsConstrained: true } other)
        {
            throw new ArgumentException(
                $"The answer is to be a {type.Type}, but the options ask for the format '{other.Type}' as well. Leave the format out.", nameof(options));
        }

        using var schema = JsonDocument.Parse(type.GetJsonSchemaAsNode(Exporter).ToJsonString());
        return options with { ResponseFormat = ResponseFormat.JsonSchema(schema.RootElement, type.Type.Name) };
    }

    /// <exception cref="StructuredOutputException">The answer is cut off, or no such value.</exception>
    public static T Read<T>(ChatResult result, JsonTypeInfo<T> type)
    {
        if (result.FinishReason == FinishReason.ToolCalls)
        {
            throw new StructuredOutputException(
                $"The model calls {string.Join(", ", result.ToolCalls.Select(call => $"'{call.Name}'"))} before it answers with a {type.Type}. Send the results with Message.Tool, after Result.ToMessage().",
                result);
        }

        if (result.FinishReason != FinishReason.Stop)
        {
            throw new StructuredOutputException(
                $"The answer is no whole {type.Type}: it ended with '{result.FinishReason}' after {result.Usage.CompletionTokens} tokens. Raise MaxOutputTokens, or ask for less.", result);
        }

        try
        {
            return JsonSerializer.Deserialize(result.Text, type)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new StructuredOutputException($"The answer cannot be read as {type.Type}: {e.Message}", result, e);
        }
    }

    // What the schema of a type leaves open: numbers no larger than the type holds, every property, and no other.
    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node)
        {
            return schema;
        }

        if (node["properties"] is JsonObject properties)
        {
            node["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
            node["additionalProperties"] ??= false;
        }

        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (RangeOf(type) is { } range && node["enum"] is null && node.ContainsKey("type"))
        {
            node["minimum"] = range.Min;
            node["maximum"] = range.Max;
        }

        if (type == typeof(TimeOnly) && node.Remove("format"))
        {
            node["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"; // a time of the standard has an offset, which this type does not
        }

        return node;
    }

    private static (long Min, long Max)? RangeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 when !type.IsEnum => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.UInt64 => (0, 999_999_999_999_999),
        _ => null,
    };
}
