namespace Orchard;

/// <summary>Who speaks in a <see cref="Message"/>.</summary>
public enum MessageRole
{
    /// <summary>Standing instructions to the model.</summary>
    System,

    /// <summary>The person, or the program, that asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool that the model called: its result.</summary>
    Tool,
}

/// <summary>One turn of a conversation. Immutable.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">What is said. May be empty, not null.</param>
public sealed record Message(MessageRole Role, string Content)
{
    /// <summary>The tools that the model called in this turn, each answered by a <see cref="MessageRole.Tool"/> message after it (default: none).</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a tool's result: the <see cref="ToolCall.Id"/> of the call it answers; null otherwise.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>What the model thought in this turn (default: null). Its template decides whether the prompt shows it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Standing instructions to the model; the first message of a conversation, if there are any.</summary>
    /// <param name="content">The instructions.</param>
    public static Message System(string content) => new(MessageRole.System, content);

    /// <summary>What the user says.</summary>
    /// <param name="content">The text.</param>
    public static Message User(string content) => new(MessageRole.User, content);

    /// <summary>What the model said in an earlier turn.</summary>
    /// <param name="content">The text.</param>
    public static Message Assistant(string content) => new(MessageRole.Assistant, content);

    /// <summary>What the model said and which tools it called in an earlier turn.</summary>
    /// <param name="content">The text, possibly empty.</param>
    /// <param name="toolCalls">The calls.</param>
    public static Message Assistant(string content, IReadOnlyList<ToolCall> toolCalls)
    {
        ArgumentNullException.ThrowIfNull(toolCalls);
        return new Message(MessageRole.Assistant, content) { ToolCalls = [.. toolCalls] };
    }

    /// <summary>The result of a tool that the model called.</summary>
    /// <param name="callId">The <see cref="ToolCall.Id"/> of the call.</param>
    /// <param name="content">The result, for the model to read; usually JSON.</param>
    public static Message Tool(string callId, string content)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        return new Message(MessageRole.Tool, content) { ToolCallId = callId };
    }
}
