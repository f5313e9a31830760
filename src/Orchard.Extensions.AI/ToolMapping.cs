using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Converts functions and function calls between Microsoft.Extensions.AI and Orchard. Pure.</summary>
internal static class ToolMapping
{
    private static readonly JsonTypeInfo<IDictionary<string, object?>> ArgumentsType = ForeignJson.Contract<IDictionary<string, object?>>();

    /// <summary>Returns the names of the functions among the tools, for the model.</summary>
    public static ToolNames NamesOf(IList<AITool>? tools) =>
        tools is { Count: > 0 } ? new ToolNames(tools.OfType<AIFunctionDeclaration>().Select(tool => tool.Name)) : ToolNames.None;

    /// <exception cref="NotSupportedException">A tool is not a function, for example a hosted tool.</exception>
    /// <exception cref="ArgumentException">The schema of a function is invalid. The message names the function.</exception>
    public static IReadOnlyList<Tool> ToTools(IList<AITool> tools, ToolNames names)
    {
        // The same function can come from several places, such as an agent and its caller.
        return [.. tools.Distinct().Select(ToTool)];

        Tool ToTool(AITool tool) => tool switch
        {
            AIFunctionDeclaration function => ToolMapping.ToTool(function, names, handler: null),
            null => throw new ArgumentException($"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} contains null.", nameof(tools)),
            _ => throw new NotSupportedException(
                $"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} contains '{tool.Name}', a {tool.GetType().Name}. "
                + "Orchard supports functions (AIFunctionDeclaration) and runs no tools itself."),
        };
    }

    /// <summary>Converts a function to a tool that runs it.</summary>
    /// <exception cref="ArgumentException">The schema of the function is invalid. The message names the function.</exception>
    public static Tool ToTool(AIFunction function) => ToTool(function, new ToolNames([function.Name]), async (call, cancellationToken) =>
    {
        var arguments = new AIFunctionArguments(JsonSerializer.Deserialize(call.Arguments, ArgumentsType));
        object? result = await function.InvokeAsync(arguments, cancellationToken).ConfigureAwait(false);
        return ToolResultText.Of(new FunctionResultContent(call.Id, result));
    });

    public static ToolChoice ToChoice(ChatToolMode mode, ToolNames names) => mode switch
    {
        NoneChatToolMode => ToolChoice.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Named(names.ToModel(name)),
        RequiredChatToolMode => ToolChoice.Required,
        _ => ToolChoice.Auto,
    };

    /// <summary>Converts an earlier call. Arguments that could not be read are kept as the model wrote them.</summary>
    public static ToolCall ToCall(FunctionCallContent call, ToolNames names) => new(
        call.CallId ?? "",
        names.ToModel(call.Name),
        call.Arguments is { Count: > 0 } arguments ? ForeignJson.OfArguments(arguments)
            : call.Arguments is null && call.RawRepresentation is ToolCall raw ? raw.Arguments
            : "{}");

    /// <summary>
    /// Converts a generated call. One that is incomplete or cannot be read is informational only, so that no middleware executes it with
    /// the arguments that are missing; one that does not match the schema carries the error.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="names">Names of the functions.</param>
    /// <param name="isAnswerCut">Whether the answer ended at the limit of its length, perhaps within the call.</param>
    public static FunctionCallContent ToContent(ToolCall call, ToolNames names, bool isAnswerCut)
    {
        string name = names.FromModel(call.Name);
        IDictionary<string, object?>? arguments = null;
        Exception? error = call.Error;
        try
        {
            arguments = JsonSerializer.Deserialize(call.Arguments, ArgumentsType);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            error ??= e;
        }

        return new FunctionCallContent(call.Id, name, arguments)
        {
            Exception = error,
            RawRepresentation = call,
            InformationalOnly = arguments is null || (isAnswerCut && call.Error is not null),
        };
    }

    private static Tool ToTool(
        AIFunctionDeclaration function, ToolNames names, Func<ToolCall, CancellationToken, Task<string>>? handler) => new(
        names.ToModel(function.Name),
        Utf8.Repair(function.Description),
        function.JsonSchema.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : SchemaMapping.ForArguments(function))
        {
            IsStrict = SchemaMapping.IsStrict(function.AdditionalProperties),
            Handler = handler,
        };
}
