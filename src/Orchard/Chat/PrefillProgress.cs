namespace Orchard;

/// <summary>How much of a prompt the engine has computed.</summary>
public readonly record struct PrefillProgress
{
    /// <summary>Zero-based index of the conversation in a batch.</summary>
    public int PromptIndex { get; init; }

    /// <summary>Number of prompt tokens that are computed or were found in the prefix cache. Never decreases.</summary>
    public int ComputedTokens { get; init; }

    /// <summary>Number of prompt tokens.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Fraction of the prompt that is computed, 0 to 1.</summary>
    public double Fraction => PromptTokens > 0 ? (double)ComputedTokens / PromptTokens : 0;
}
