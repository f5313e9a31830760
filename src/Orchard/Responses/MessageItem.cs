namespace Orchard.Responses;

/// <summary>A message. Immutable.</summary>
public sealed class MessageItem : ResponseItem
{
    /// <summary>Creates a message.</summary>
    /// <param name="role">
    /// The author; not <see cref="MessageRole.Tool"/>, because the output of a tool is a <see cref="FunctionCallOutputItem"/>.
    /// </param>
    /// <param name="text">The text; may be empty.</param>
    public MessageItem(MessageRole role, string text)
    {
        Role = role;
        Text = text;
        Content = text is null ? [] : [new TextPart(text)]; // null is refused when the item is sent
    }

    /// <summary>Creates a message from content parts.</summary>
    /// <param name="role">The author. Only messages of the user can have images or sound.</param>
    /// <param name="content">The parts, in order; may be empty.</param>
    /// <exception cref="ArgumentException"><paramref name="content"/> contains a null.</exception>
    public MessageItem(MessageRole role, IReadOnlyList<ContentPart> content)
    {
        var message = new Message(role, content);
        Role = role;
        Text = message.Text;
        Content = message.Content;
    }

    /// <inheritdoc/>
    public override string Type => "message";

    /// <summary>The author of the message.</summary>
    public MessageRole Role { get; }

    /// <summary>The text of all <see cref="TextPart"/> parts of <see cref="Content"/>, concatenated.</summary>
    public string Text { get; }

    /// <summary>The parts of the content, in order.</summary>
    public IReadOnlyList<ContentPart> Content { get; }

    /// <summary>
    /// The text's tokens with their log probabilities; empty unless <see cref="GenerationOptions.IncludeLogprobs"/> is set.
    /// </summary>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];

    /// <summary>Creates a system message, which gives instructions for the conversation.</summary>
    /// <param name="text">The instructions.</param>
    public static MessageItem System(string text) => new(MessageRole.System, text);

    /// <summary>Creates a message of the user.</summary>
    /// <param name="text">The text.</param>
    public static MessageItem User(string text) => new(MessageRole.User, text);

    /// <summary>Creates a message of the user from content parts.</summary>
    /// <param name="content">The parts, in order.</param>
    public static MessageItem User(IReadOnlyList<ContentPart> content) => new(MessageRole.User, content);

    /// <summary>Creates a message that the model wrote in an earlier turn.</summary>
    /// <param name="text">The text.</param>
    public static MessageItem Assistant(string text) => new(MessageRole.Assistant, text);
}
