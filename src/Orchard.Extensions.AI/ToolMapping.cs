using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>Functions, calls and results of Microsoft.Extensions.AI as ours, and back. Pure.</summary>
internal static class ToolMapping
{
    // Without the line breaks and escapes of theirs: models read it.
    private static readonly JsonSerializerOptions Options = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonTypeInfo<IDictionary<string, object?>> ArgumentsType =
        (JsonTypeInfo<IDictionary<string, object?>>)Options.GetTypeInfo(typeof(IDictionary<string, object?>));

    private static readonly JsonTypeInfo<JsonElement> JsonElementType = (JsonTypeInfo<JsonElement>)Options.GetTypeInfo(typeof(JsonElement));

    /// <exception cref="NotSupportedException">One is no function, such as a tool that a service runs itself.</exception>
    /// <exception cref="ArgumentException">A function's name or schema cannot be used. The message names it.</exception>
    public static IReadOnlyList<Tool> ToTools(IList<AITool> tools) => [.. tools.Select(tool => tool switch
    {
        AIFunctionDeclaration function => new Tool(function.Name, function.Description, function.JsonSchema) { IsStrict = IsStrict(function) },
        null => throw new ArgumentException($"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} has a tool that is null.", nameof(tools)),
        _ => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} has '{tool.Name}', a {tool.GetType().Name}. Orchard takes functions (AIFunctionDeclaration): it runs no tools itself."),
    })];

    // As Microsoft's own adapters name it.
    private static bool IsStrict(AIFunctionDeclaration function) =>
        !function.AdditionalProperties.Any(property => string.Equals(property.Key, "strict", StringComparison.OrdinalIgnoreCase) && property.Value is false);

    public static ToolChoice ToChoice(ChatToolMode mode) => mode switch
    {
        NoneChatToolMode => ToolChoice.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Named(name),
        RequiredChatToolMode => ToolChoice.Required,
        _ => ToolChoice.Auto,
    };

    public static ToolCall ToCall(FunctionCallContent call) =>
        new(call.CallId, call.Name, call.Arguments is { Count: > 0 } arguments ? JsonSerializer.Serialize(arguments, ArgumentsType) : "{}");

    /// <summary>A result as the model reads it: a text as it is, anything else as JSON.</summary>
    public static string ToText(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } error ? $"Error: {error.Message}" : "null",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => JsonSerializer.Serialize(json, JsonElementType), // as it came it may be indented
        TextContent content => content.Text,
        { } value => JsonSerializer.Serialize(value, Options.GetTypeInfo(value.GetType())),
    };

    /// <summary>A call; one that cannot be made carries the reason.</summary>
    public static FunctionCallContent ToContent(ToolCall call)
    {
        try
        {
            return new FunctionCallContent(call.Id, call.Name, JsonSerializer.Deserialize(call.Arguments, ArgumentsType))
            {
                Exception = call.Error,
                RawRepresentation = call,
            };
        }
        catch (JsonException e)
        {
            return new FunctionCallContent(call.Id, call.Name) { Exception = (Exception?)call.Error ?? e, RawRepresentation = call };
        }
    }
}
