using System.Text;

namespace Orchard.Formatting;

/// <summary>ChatML: <c>&lt;|im_start|&gt;role</c>, a line break, the text, <c>&lt;|im_end|&gt;</c> and a line break for each turn.</summary>
/// <param name="controlTexts">The texts of the model's control tokens, as far as they are known.</param>
internal sealed class ChatMlFormatter(IReadOnlyList<string>? controlTexts) : ChatFormatter(controlTexts)
{
    internal const string TurnStart = "<|im_start|>";
    internal const string TurnEnd = "<|im_end|>";

    // Nothing says that the model's vocabulary has the end of turn: it may come as plain text.
    private static readonly IReadOnlyList<string> StopStrings = [TurnEnd];

    protected override RenderedPrompt Write(IReadOnlyList<Message> messages)
    {
        var text = new StringBuilder();
        foreach (Message message in messages)
        {
            text.Append(TurnStart).Append(NameOf(message.Role)).Append('\n').Append(message.Content).Append(TurnEnd).Append('\n');
        }

        text.Append(TurnStart).Append(NameOf(MessageRole.Assistant)).Append('\n');
        return new RenderedPrompt(text.ToString(), StopStrings);
    }
}
