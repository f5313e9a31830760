namespace Orchard.Formatting;

/// <summary>A prompt ready to be sent: its text, and the texts that end the model's turn beyond its own end tokens.</summary>
internal sealed record RenderedPrompt(string Text, IReadOnlyList<string> StopStrings);

/// <summary>Turns a conversation into a prompt, in the way one family of models was trained on. Pure.</summary>
internal abstract class ChatFormatter
{
    /// <summary>Renders the messages and opens the assistant's turn.</summary>
    public abstract RenderedPrompt Render(IReadOnlyList<Message> messages);

    /// <summary>The formatter for a model with this chat template.</summary>
    public static ChatFormatter For(string? chatTemplate)
    {
        // Until templates are interpreted, every model is spoken to in ChatML, the most common form.
        bool native = chatTemplate?.Contains(ChatMlFormatter.TurnEnd, StringComparison.Ordinal) == true;
        return native ? ChatMlFormatter.Native : ChatMlFormatter.Fallback;
    }
}
