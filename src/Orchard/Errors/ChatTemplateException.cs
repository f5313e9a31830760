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

    internal ChatTemplateException(string message, int? line, Exception innerException)
        : base(message, innerException) => Line = line;

    /// <summary>One-based line of the chat template; null if the problem is not in a template.</summary>
    public int? Line { get; }
}
