using Orchard.Protocol.Messages;

namespace Orchard.Formatting;

/// <summary>A prompt ready to be sent: its text, and the texts that end the model's turn beyond its own end tokens.</summary>
/// <param name="Text">What the model is to continue.</param>
/// <param name="StopStrings">The texts that end its turn.</param>
internal sealed record RenderedPrompt(string Text, IReadOnlyList<string> StopStrings)
{
    /// <summary>Where <see cref="Text"/> holds no control tokens, whatever it looks like; ascending.</summary>
    public IReadOnlyList<PlainSpan> Plain { get; init; } = [];
}

/// <summary>Turns a conversation into a prompt, in the way one family of models was trained on. Pure.</summary>
/// <param name="controlTexts">The texts of the model's control tokens, as far as they are known.</param>
internal abstract class ChatFormatter(IReadOnlyList<string>? controlTexts)
{
    private readonly Lazy<ControlTextGuard> _guard = new(() => new ControlTextGuard(controlTexts ?? []));

    /// <summary>Renders the messages and opens the assistant's turn. What looks like a control token in a message stays text.</summary>
    public RenderedPrompt Render(IReadOnlyList<Message> messages)
    {
        if (_guard.Value.Mark(messages) is not { } marked)
        {
            return Write(messages);
        }

        RenderedPrompt prompt = Write(marked.Messages);
        (string text, IReadOnlyList<PlainSpan> plain) = _guard.Value.Unmark(prompt.Text, marked.Mark);
        return prompt with { Text = text, Plain = plain };
    }

    /// <summary>The formatter for a model of which the engine says this. One without a template is spoken to in ChatML, the most common form.</summary>
    public static ChatFormatter For(ModelFacts? facts) => facts?.ChatTemplate is { } template
        ? new TemplateFormatter(template, facts.BeginToken, facts.EndToken, facts.ControlTokens)
        : new ChatMlFormatter(facts?.ControlTokens);

    protected abstract RenderedPrompt Write(IReadOnlyList<Message> messages);

    /// <summary>A role's name, as chat templates know it.</summary>
    protected static string NameOf(MessageRole role) => role switch
    {
        MessageRole.System => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        _ => throw new ChatTemplateException($"There is no role '{role}'. Use System, User or Assistant."),
    };
}
