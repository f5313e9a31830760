namespace Orchard;

/// <summary>One conversation of a batch, with its own options. Immutable.</summary>
public sealed class ChatPrompt
{
    /// <summary>Creates a prompt from a conversation.</summary>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    public ChatPrompt(IReadOnlyList<Message> messages, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Messages = messages;
        Options = options;
    }

    /// <summary>The conversation so far, oldest message first.</summary>
    public IReadOnlyList<Message> Messages { get; }

    /// <summary>How to generate; null for the defaults.</summary>
    public GenerationOptions? Options { get; }
}
