namespace Orchard.Cli.Output;

/// <summary>Numbers of tokens.</summary>
internal sealed record UsageOutput
{
    public int PromptTokens { get; init; }

    public int CachedTokens { get; init; }

    public int CompletionTokens { get; init; }

    public int ReasoningTokens { get; init; }

    public static UsageOutput From(Usage usage) => new()
    {
        PromptTokens = usage.PromptTokens,
        CachedTokens = usage.CachedTokens,
        CompletionTokens = usage.CompletionTokens,
        ReasoningTokens = usage.ReasoningTokens,
    };
}
