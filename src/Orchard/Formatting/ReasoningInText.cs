using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>
/// Takes the reasoning out of the text of an assistant's message, as other programs keep it: in the text it would not be recognized by
/// the template, because what looks like a mark in a text is none. Pure.
/// </summary>
internal static class ReasoningInText
{
    /// <summary>Returns the conversation with reasoning apart from the texts.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="thinking">The marks of reasoning.</param>
    /// <param name="template">The text of the template. If it has no such mark, the texts are left as they are.</param>
    public static IReadOnlyList<Message> Split(IReadOnlyList<Message> messages, ThinkingTokens thinking, string template) =>
        thinking.End.Length > 0 && template.Contains(thinking.End, StringComparison.Ordinal)
            && messages.Any(message => Find(message, thinking) is not null)
                ? [.. messages.Select(message => Find(message, thinking) ?? message)]
                : messages;

    private static Message? Find(Message message, ThinkingTokens thinking)
    {
        if (message is not { Role: MessageRole.Assistant, Reasoning: null }
            || message.Text.IndexOf(thinking.End, StringComparison.Ordinal) is not (>= 0 and int end))
        {
            return null;
        }

        // A prompt may have opened the reasoning.
        string reasoning = message.Text[..end].Trim();
        reasoning = reasoning.StartsWith(thinking.Start, StringComparison.Ordinal) ? reasoning[thinking.Start.Length..].Trim() : reasoning;
        return new Message(MessageRole.Assistant, message.Text[(end + thinking.End.Length)..].TrimStart())
        {
            Reasoning = reasoning,
            ToolCalls = message.ToolCalls,
        };
    }
}
