namespace Orchard;

/// <summary>
/// The chat template could not be rendered for the conversation. The message says what is wrong, and where in the template.
/// </summary>
public sealed class ChatTemplateException : OrchardException
{
    internal ChatTemplateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    private ChatTemplateException(string message, int line)
        : base(message) => Line = line;

    /// <summary>One-based line of the chat template; null if the problem is not in a template.</summary>
    public int? Line { get; }

    internal static ChatTemplateException At(int line, string problem) => new($"Chat template, line {line}: {problem}.", line);
}
