using Orchard.Validation;

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
        HasMedia = Array.Exists(parts, static part => part is MediaPart);
        Text = string.Concat(parts.OfType<TextPart>().Select(static part => part.Text));
    }

    /// <summary>The author of the message.</summary>
    public MessageRole Role { get; }

    /// <summary>The parts of the content, in order.</summary>
    public IReadOnlyList<ContentPart> Content { get; }

    /// <summary>The text of all <see cref="TextPart"/> parts of <see cref="Content"/>, concatenated.</summary>
    public string Text { get; }

    /// <summary>
    /// The tool calls the model made in this turn (default: none). A <see cref="MessageRole.Tool"/> message with the result of each
    /// should follow. The tools need not be among <see cref="GenerationOptions.Tools"/>.
    /// </summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>
    /// For a tool result, the <see cref="ToolCall.Id"/> of its call (default: null, the first call without a result); otherwise null.
    /// </summary>
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

    /// <summary>Creates a message of the user from text, followed by images or sound.</summary>
    /// <param name="text">The text.</param>
    /// <param name="content">The parts after the text, in order.</param>
    public static Message User(string text, params IReadOnlyList<ContentPart> content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new Message(MessageRole.User, [new TextPart(text), .. content]);
    }

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

    /// <summary>Whether it has images or sound.</summary>
    internal bool HasMedia { get; }

    private bool HasNoContent => Text.Length == 0 && !HasMedia;

    /// <summary>Returns a copy of the message with other content.</summary>
    internal Message WithContent(IReadOnlyList<ContentPart> content) =>
        new(Role, content) { ToolCalls = ToolCalls, ToolCallId = ToolCallId, Reasoning = Reasoning };

    /// <summary>Returns a copy of the message with other text as its only content.</summary>
    internal Message WithText(string text) => new(Role, text) { ToolCalls = ToolCalls, ToolCallId = ToolCallId, Reasoning = Reasoning };

    /// <summary>Returns a copy of the message with other calls and another id of the answered call.</summary>
    internal Message WithCalls(IReadOnlyList<ToolCall> calls, string? answered) =>
        new(Role, Content) { ToolCalls = calls, ToolCallId = answered, Reasoning = Reasoning };

    /// <summary>Returns a message with the content of this one and then that of the other, as a paragraph of its own.</summary>
    internal Message Append(Message other) => new(
        Role, HasNoContent ? other.Content : other.HasNoContent ? Content : [.. Content, new TextPart("\n\n"), .. other.Content])
    {
        ToolCalls = [.. ToolCalls, .. other.ToolCalls],
        ToolCallId = ToolCallId,
        Reasoning = Reasoning is null || other.Reasoning is null ? Reasoning ?? other.Reasoning : $"{Reasoning}\n\n{other.Reasoning}",
    };

    /// <summary>Returns the message with every unpaired surrogate replaced by U+FFFD: this one if there is none.</summary>
    internal Message WellFormed()
    {
        bool isWellFormed = Utf16.IsWellFormed(Text)
            && Utf16.IsWellFormed(Reasoning)
            && Utf16.IsWellFormed(ToolCallId)
            && ToolCalls.All(static call => Array.TrueForAll([call.Id, call.Name, call.Arguments], text => Utf16.IsWellFormed(text)));
        if (isWellFormed)
        {
            return this;
        }

        return new Message(Role, [.. Content.Select(part => part is TextPart text ? new TextPart(Utf16.Repair(text.Text)) : part)])
        {
            ToolCalls =
            [
                .. ToolCalls.Select(
                    call => new ToolCall(Utf16.Repair(call.Id), Utf16.Repair(call.Name), Utf16.Repair(call.Arguments))),
            ],
            ToolCallId = ToolCallId is null ? null : Utf16.Repair(ToolCallId),
            Reasoning = Reasoning is null ? null : Utf16.Repair(Reasoning),
        };
    }
}
