using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Converts functions, function calls and results between Microsoft.Extensions.AI and Orchard. Pure.</summary>
internal static class ToolMapping
{
    // The JSON is read by models, which do best without indentation and escapes.
    private static readonly JsonSerializerOptions Options = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonTypeInfo<IDictionary<string, object?>> ArgumentsType =
        (JsonTypeInfo<IDictionary<string, object?>>)Options.GetTypeInfo(typeof(IDictionary<string, object?>));

    private static readonly JsonTypeInfo<JsonElement> JsonElementType = (JsonTypeInfo<JsonElement>)Options.GetTypeInfo(typeof(JsonElement));

    /// <exception cref="NotSupportedException">A tool is not a function, for example a hosted tool.</exception>
    /// <exception cref="ArgumentException">The name or the schema of a function is invalid. The message names it.</exception>
    public static IReadOnlyList<Tool> ToTools(IList<AITool> tools) => [.. tools.Select(tool => tool switch
    {
        AIFunctionDeclaration function =>
            new Tool(function.Name, function.Description, SchemaMapping.ForArguments(function))
            {
                IsStrict = SchemaMapping.IsStrict(function.AdditionalProperties),
            },
        null => throw new ArgumentException($"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} contains null.", nameof(tools)),
        _ => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} contains '{tool.Name}', a {tool.GetType().Name}. "
            + "Orchard supports functions (AIFunctionDeclaration) and runs no tools itself."),
    })];

    public static ToolChoice ToChoice(ChatToolMode mode) => mode switch
    {
        NoneChatToolMode => ToolChoice.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Named(name),
        RequiredChatToolMode => ToolChoice.Required,
        _ => ToolChoice.Auto,
    };

    public static ToolCall ToCall(FunctionCallContent call) => new(
        call.CallId,
        call.Name,
        call.Arguments is { Count: > 0 } arguments ? JsonSerializer.Serialize(arguments, ArgumentsType) : "{}");

    /// <summary>Converts a result to the text that the model reads: a string unchanged, anything else as JSON.</summary>
    public static string ToText(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } error ? $"Error: {error.Message}" : "null",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => JsonSerializer.Serialize(json, JsonElementType), // the raw text may be indented
        TextContent content => content.Text,
        { } value => JsonSerializer.Serialize(value, Options.GetTypeInfo(value.GetType())),
    };

    /// <summary>Converts a call. An invalid one carries the error.</summary>
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
