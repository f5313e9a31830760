using System.Text;

namespace Orchard.Formatting;

/// <summary>ChatML: <c>&lt;|im_start|&gt;role</c>, a line break, the text, <c>&lt;|im_end|&gt;</c> and a line break for each turn.</summary>
internal sealed class ChatMlFormatter : ChatFormatter
{
    internal const string TurnStart = "<|im_start|>";
    internal const string TurnEnd = "<|im_end|>";

    private readonly IReadOnlyList<string> _stopStrings;

    private ChatMlFormatter(IReadOnlyList<string> stopStrings) => _stopStrings = stopStrings;

    /// <summary>For models whose vocabulary has the ChatML tokens: the end of turn is a token.</summary>
    public static ChatMlFormatter Native { get; } = new([]);

    /// <summary>For models without them: the end of turn is plain text, and has to be looked for.</summary>
    public static ChatMlFormatter Fallback { get; } = new([TurnEnd]);

    public override RenderedPrompt Render(IReadOnlyList<Message> messages)
    {
        var text = new StringBuilder();
        foreach (Message message in messages)
        {
            text.Append(TurnStart).Append(RoleName(message.Role)).Append('\n').Append(message.Content).Append(TurnEnd).Append('\n');
        }

        text.Append(TurnStart).Append(RoleName(MessageRole.Assistant)).Append('\n');
        return new RenderedPrompt(text.ToString(), _stopStrings);
    }

    private static string RoleName(MessageRole role) => role switch
    {
        MessageRole.System => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        _ => throw new ChatTemplateException($"ChatML has no role '{role}'. Use System, User or Assistant."),
    };
}
