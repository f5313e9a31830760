using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Calls.Chat;

/// <summary>Converts types to JSON schemas, and answers to values. Pure.</summary>
internal static class StructuredOutput
{
    private static readonly JsonSchemaExporterOptions Exporter =
        new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>Returns the JSON contract that the options have for a type.</summary>
    /// <exception cref="ArgumentException">The options have no contract for the type.</exception>
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

    /// <summary>Returns the options with the schema of a type as the response format.</summary>
    /// <exception cref="ArgumentException">The options already have a response format.</exception>
    public static GenerationOptions Hold(GenerationOptions? options, JsonTypeInfo type)
    {
        options ??= GenerationOptions.Default;
        if (options.ResponseFormat is { IsConstrained: true } other)
        {
            throw new ArgumentException(
                $"The answer is to be a {type.Type}, but the options already have the response format '{other.Type}'. "
                + "Remove the response format.",
                nameof(options));
        }

        using var schema = JsonDocument.Parse(type.GetJsonSchemaAsNode(Exporter).ToJsonString());
        return options with { ResponseFormat = ResponseFormat.JsonSchema(schema.RootElement, type.Type.Name) };
    }

    /// <exception cref="StructuredOutputException">The answer was cut off, or cannot be deserialized.</exception>
    public static T Read<T>(ChatResult result, JsonTypeInfo<T> type)
    {
        if (result.FinishReason == FinishReason.ToolCalls)
        {
            throw new StructuredOutputException(
                $"The model calls {string.Join(", ", result.ToolCalls.Select(call => $"'{call.Name}'"))} "
                + $"before it answers with a {type.Type}. Send the results with Message.Tool, after Result.ToMessage().",
                result);
        }

        if (result.FinishReason != FinishReason.Stop)
        {
            throw new StructuredOutputException(
                $"The answer is not a complete {type.Type}: it ended with '{result.FinishReason}' "
                + $"after {result.Usage.CompletionTokens} tokens. Raise MaxOutputTokens, or ask for less.",
                result);
        }

        try
        {
            return JsonSerializer.Deserialize(result.Text, type)!;
        }
        catch (Exception e) when (
            e is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new StructuredOutputException($"The answer cannot be read as {type.Type}: {e.Message}", result, e);
        }
    }

    // Adds what the schema of a type leaves open: the range of numbers, all properties required, and no additional properties.
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
            // The standard's time format includes an offset, which this type does not have.
            node["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$";
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
