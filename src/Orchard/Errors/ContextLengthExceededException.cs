namespace Orchard;

/// <summary>The prompt does not fit the model's context, or leaves no room for an answer.</summary>
public sealed class ContextLengthExceededException : OrchardException
{
    internal ContextLengthExceededException(string message, int? promptTokens, int? contextLength, int? textIndex = null)
        : base(message)
    {
        PromptTokens = promptTokens;
        ContextLength = contextLength;
        TextIndex = textIndex;
    }

    /// <summary>Zero-based index of the text to embed, or of the document to rank, that is too long; null for a conversation.</summary>
    public int? TextIndex { get; }

    /// <summary>Number of tokens in the prompt; null if the engine did not report it.</summary>
    public int? PromptTokens { get; }

    /// <summary>Context length in tokens, for prompt and completion together; null if the engine did not report it.</summary>
    public int? ContextLength { get; }
}
