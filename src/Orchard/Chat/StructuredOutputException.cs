namespace Orchard;

/// <summary>An answer could not be read as the requested type: it was cut short, or the type does not accept its content.</summary>
public sealed class StructuredOutputException : OrchardException
{
    internal StructuredOutputException(string message, ChatResult result, Exception? innerException = null)
        : base(message, innerException) => Result = result;

    /// <summary>The answer as generated; incomplete if its finish reason is <see cref="FinishReason.Length"/>.</summary>
    public ChatResult Result { get; }
}
