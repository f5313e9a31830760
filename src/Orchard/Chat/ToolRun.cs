namespace Orchard;

/// <summary>The outcome of <c>RunToolsAsync</c> of <see cref="Client"/> or <see cref="ModelClient"/>. Immutable.</summary>
public sealed class ToolRun
{
    /// <summary>
    /// The last answer. It has <see cref="ChatResult.ToolCalls"/> only if they were not executed: because the token limit ended the answer,
    /// or because a tool has no <see cref="Tool.Handler"/>.
    /// </summary>
    public required ChatResult Answer { get; init; }

    /// <summary>The messages to append to the conversation: the answers with tool calls, their results, and the last answer.</summary>
    public required IReadOnlyList<Message> NewMessages { get; init; }

    /// <summary>The calls that were answered, in order. Their errors were sent to the model and are not thrown.</summary>
    public required IReadOnlyList<ToolExecution> Executions { get; init; }

    /// <summary>Token counts of all answers together. The prompt of each one includes those before it.</summary>
    public required Usage Usage { get; init; }
}
