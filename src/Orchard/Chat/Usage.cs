namespace Orchard;

/// <summary>Token counts of an answer.</summary>
public readonly record struct Usage
{
    /// <summary>Tokens of the prompt, including <see cref="CachedTokens"/>.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens that were reused from the engine's prefix cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Generated tokens, including <see cref="ReasoningTokens"/>; the token that ends the turn is not counted.</summary>
    public int CompletionTokens { get; init; }

    /// <summary>Generated tokens that are reasoning, including the tokens that mark its start and end.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Tokens of the prompt and the completion together.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}
