using System.Text;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Testing;

/// <summary>One prompt as it reached the engine. Immutable.</summary>
public sealed class FakePrompt
{
    private const string ResultStart = "<tool_response>\n";
    private const string ResultEnd = "\n</tool_response>";

    /// <summary>Identity of the model, <see cref="ModelInfo.Id"/>.</summary>
    public required string Model { get; init; }

    /// <summary>Index of the conversation in its batch, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The conversation, rendered in ChatML.</summary>
    public required string Text { get; init; }

    /// <summary>The conversation, parsed from <see cref="Text"/>.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>The image files of the conversation, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; } = [];

    /// <summary>The audio files of the conversation, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Audio { get; init; } = [];

    /// <summary>Generation options of the request.</summary>
    public required GenerationOptions Options { get; init; }

    /// <summary>
    /// Text of the last user message; empty when there is none. After calls, it is the text with their results, see
    /// <see cref="ToolResults"/>.
    /// </summary>
    public string Question => Messages.LastOrDefault(message => message.Role == MessageRole.User)?.Text ?? "";

    /// <summary>
    /// Results of the tools that the last turn called, as the model reads them; empty if the conversation does not end with results.
    /// </summary>
    public IReadOnlyList<string> ToolResults =>
        Messages is [.., { Role: MessageRole.User } last] && last.Text.StartsWith(ResultStart, StringComparison.Ordinal)
            ? [.. last.Text.Split(ResultEnd, StringSplitOptions.RemoveEmptyEntries).Select(static result =>
                result[(result.IndexOf(ResultStart, StringComparison.Ordinal) + ResultStart.Length)..])]
            : [];

    internal static FakePrompt From(WireRequest request, WirePrompt prompt)
    {
        string text = Encoding.UTF8.GetString(prompt.Text.Span);
        return new FakePrompt
        {
            Model = request.ModelId,
            Index = prompt.PromptIndex,
            Text = text,
            Messages = ReadMessages(text),
            Images = prompt.Images,
            Audio = prompt.Audio,
            Options = PromptOptions.Read(prompt),
        };
    }

    // The last turn is that of the assistant, which is left open for the model and is no message.
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
