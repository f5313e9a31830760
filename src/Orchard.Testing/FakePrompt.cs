using System.Text;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Testing;

/// <summary>One prompt as it reached the engine. Immutable.</summary>
public sealed class FakePrompt
{
    /// <summary>The model's identity, <see cref="ModelInfo.Id"/>.</summary>
    public required string Model { get; init; }

    /// <summary>Which conversation of a batch this is, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The conversation, written out in ChatML.</summary>
    public required string Text { get; init; }

    /// <summary>The conversation, read back from <see cref="Text"/>.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>How to generate.</summary>
    public required GenerationOptions Options { get; init; }

    /// <summary>What the user said last; empty when the conversation has no message of a user.</summary>
    public string Question => Messages.LastOrDefault(message => message.Role == MessageRole.User)?.Text ?? "";

    internal static FakePrompt From(WireRequest request, WirePrompt prompt)
    {
        string text = Encoding.UTF8.GetString(prompt.Text.Span);
        return new FakePrompt
        {
            Model = request.ModelId,
            Index = prompt.PromptIndex,
            Text = text,
            Messages = ReadMessages(text),
            Options = PromptOptions.Read(prompt),
        };
    }

    // The last turn is the assistant's, opened and left empty: it is no message.
    private static List<Message> ReadMessages(string text)
    {
        var messages = new List<Message>();
        foreach (string turn in text.Split(ChatMl.TurnStart, StringSplitOptions.RemoveEmptyEntries))
        {
            int end = turn.IndexOf(ChatMl.TurnEnd, StringComparison.Ordinal);
            int line = turn.IndexOf('\n', StringComparison.Ordinal);
            if (line >= 0 && end > line && Enum.TryParse(turn[..line], ignoreCase: true, out MessageRole role))
            {
                messages.Add(new Message(role, turn[(line + 1)..end]));
            }
        }

        return messages;
    }
}
