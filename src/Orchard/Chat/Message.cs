namespace Orchard;

/// <summary>Who speaks in a <see cref="Message"/>.</summary>
public enum MessageRole
{
    /// <summary>Standing instructions to the model.</summary>
    System,

    /// <summary>The person, or the program, that asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}

/// <summary>One turn of a conversation. Immutable.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">What is said. May be empty, not null.</param>
public sealed record Message(MessageRole Role, string Content)
{
    /// <summary>Standing instructions to the model; the first message of a conversation, if there are any.</summary>
    /// <param name="content">The instructions.</param>
    public static Message System(string content) => new(MessageRole.System, content);

    /// <summary>What the user says.</summary>
    /// <param name="content">The text.</param>
    public static Message User(string content) => new(MessageRole.User, content);

    /// <summary>What the model said in an earlier turn.</summary>
    /// <param name="content">The text.</param>
    public static Message Assistant(string content) => new(MessageRole.Assistant, content);
}
