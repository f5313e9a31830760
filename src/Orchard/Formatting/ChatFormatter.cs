using Orchard.Protocol.Messages;

namespace Orchard.Formatting;

/// <summary>A prompt ready to be sent: its text, and the texts that end the model's turn beyond its own end tokens.</summary>
internal sealed record RenderedPrompt(string Text, IReadOnlyList<string> StopStrings);

/// <summary>Turns a conversation into a prompt, in the way one family of models was trained on. Pure.</summary>
internal abstract class ChatFormatter
{
    /// <summary>Renders the messages and opens the assistant's turn.</summary>
    public abstract RenderedPrompt Render(IReadOnlyList<Message> messages);

    /// <summary>The formatter for a model of which the engine says this. One without a template is spoken to in ChatML, the most common form.</summary>
    public static ChatFormatter For(ModelFacts? facts) => facts?.ChatTemplate is { } template
        ? new TemplateFormatter(template, facts.BeginToken, facts.EndToken)
        : new ChatMlFormatter();

    /// <summary>A role's name, as chat templates know it.</summary>
    protected static string NameOf(MessageRole role) => role switch
    {
        MessageRole.System => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        _ => throw new ChatTemplateException($"There is no role '{role}'. Use System, User or Assistant."),
    };
}
