using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Schemas;

namespace Orchard.Calls.Chat;

/// <summary>Converts types to JSON schemas, and answers to values. Pure.</summary>
internal static class StructuredOutput
{
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

        return options with { ResponseFormat = ResponseFormat.JsonSchema(TypeSchema.Of(type), type.Type.Name, strict: false) };
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
}
