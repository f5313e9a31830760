namespace Orchard;

/// <summary>A message of a conversation. Immutable.</summary>
public sealed class Message
{
    /// <summary>Creates a message from text.</summary>
    /// <param name="role">The author.</param>
    /// <param name="text">The text; may be empty.</param>
    public Message(MessageRole role, string text)
    {
        Role = role;
        Content = [new TextPart(text)];
        Text = text;
    }

    /// <summary>Creates a message from content parts.</summary>
    /// <param name="role">The author.</param>
    /// <param name="content">The parts, in order; may be empty.</param>
    public Message(MessageRole role, IReadOnlyList<ContentPart> content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ContentPart[] parts = [.. content];
        if (Array.Exists(parts, static part => part is null))
        {
            throw new ArgumentException("The content contains a null part.", nameof(content));
        }

        Role = role;
        Content = parts;
        Text = string.Concat(parts.OfType<TextPart>().Select(static part => part.Text));
    }

    /// <summary>The author of the message.</summary>
    public MessageRole Role { get; }

    /// <summary>The parts of the content, in order.</summary>
    public IReadOnlyList<ContentPart> Content { get; }

    /// <summary>The text of all <see cref="TextPart"/> parts of <see cref="Content"/>, concatenated.</summary>
    public string Text { get; }

    /// <summary>
    /// The tool calls the model made in this turn (default: none). Each needs a <see cref="MessageRole.Tool"/> message with its result
    /// after this message.
    /// </summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>For a tool result, the <see cref="ToolCall.Id"/> of its call; otherwise null.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The model's reasoning in this turn (default: null). The chat template decides whether the prompt includes it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Creates a system message, which gives instructions for the conversation and usually comes first.</summary>
    /// <param name="text">The instructions.</param>
    public static Message System(string text) => new(MessageRole.System, text);

    /// <summary>Creates a message of the user.</summary>
    /// <param name="text">The text.</param>
    public static Message User(string text) => new(MessageRole.User, text);

    /// <summary>Creates a message of the user from content parts.</summary>
    /// <param name="content">The parts, in order.</param>
    public static Message User(IReadOnlyList<ContentPart> content) => new(MessageRole.User, content);

    /// <summary>Creates a message that the model wrote in an earlier turn.</summary>
    /// <param name="text">The text.</param>
    public static Message Assistant(string text) => new(MessageRole.Assistant, text);

    /// <summary>Creates a message that the model wrote in an earlier turn, with the tools it called.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="toolCalls">The calls.</param>
    public static Message Assistant(string text, IReadOnlyList<ToolCall> toolCalls)
    {
        ArgumentNullException.ThrowIfNull(toolCalls);
        return new Message(MessageRole.Assistant, text) { ToolCalls = [.. toolCalls] };
    }

    /// <summary>Creates a message with the result of a tool call.</summary>
    /// <param name="callId">The <see cref="ToolCall.Id"/> of the call.</param>
    /// <param name="text">The result, as the model should read it; usually JSON.</param>
    public static Message Tool(string callId, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        return new Message(MessageRole.Tool, text) { ToolCallId = callId };
    }

    /// <summary>Creates a message with the result of a tool call from content parts.</summary>
    /// <param name="callId">The <see cref="ToolCall.Id"/> of the call.</param>
    /// <param name="content">The parts of the result, in order.</param>
    public static Message Tool(string callId, IReadOnlyList<ContentPart> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        return new Message(MessageRole.Tool, content) { ToolCallId = callId };
    }

    /// <summary>Returns a copy of the message with other text as its only content.</summary>
    internal Message WithText(string text) => new(Role, text) { ToolCalls = ToolCalls, ToolCallId = ToolCallId, Reasoning = Reasoning };
}
