namespace Orchard.Server.OpenAI;

/// <summary>Token counts.</summary>
internal sealed record TokenUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens of the completions.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Both together.</summary>
    public required int TotalTokens { get; init; }

    /// <summary>What of the prompt was in the prefix cache.</summary>
    public required PromptTokenDetails PromptTokensDetails { get; init; }

    /// <summary>What of the completion was reasoning.</summary>
    public required CompletionTokenDetails CompletionTokensDetails { get; init; }

    /// <summary>Returns the JSON of the sum of token counts.</summary>
    public static TokenUsage Of(IEnumerable<Usage> usages) => Of(usages.Aggregate(static (sum, usage) => new Usage
    {
        PromptTokens = sum.PromptTokens + usage.PromptTokens,
        CachedTokens = sum.CachedTokens + usage.CachedTokens,
        CompletionTokens = sum.CompletionTokens + usage.CompletionTokens,
        ReasoningTokens = sum.ReasoningTokens + usage.ReasoningTokens,
    }));

    /// <summary>Returns the JSON of token counts.</summary>
    public static TokenUsage Of(Usage usage) => new()
    {
        PromptTokens = usage.PromptTokens,
        CompletionTokens = usage.CompletionTokens,
        TotalTokens = usage.TotalTokens,
        PromptTokensDetails = new PromptTokenDetails { CachedTokens = usage.CachedTokens },
        CompletionTokensDetails = new CompletionTokenDetails { ReasoningTokens = usage.ReasoningTokens },
    };
}

/// <summary>Details of the prompt.</summary>
internal sealed record PromptTokenDetails
{
    /// <summary>Tokens found in the prefix cache.</summary>
    public required int CachedTokens { get; init; }
}

/// <summary>Details of the completion.</summary>
internal sealed record CompletionTokenDetails
{
    /// <summary>Tokens of the reasoning.</summary>
    public required int ReasoningTokens { get; init; }
}
