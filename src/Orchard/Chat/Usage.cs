namespace Orchard;

/// <summary>How many tokens a completion took.</summary>
public readonly record struct Usage
{
    /// <summary>Tokens of the prompt, <see cref="CachedTokens"/> included.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens that came from the engine's prefix cache and were not computed again.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Tokens the model generated, <see cref="ReasoningTokens"/> included; the token that ends the turn does not count.</summary>
    public int CompletionTokens { get; init; }

    /// <summary>Generated tokens that were thinking, the marks around it included.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Prompt and completion together.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}
