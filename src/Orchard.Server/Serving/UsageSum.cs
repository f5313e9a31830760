namespace Orchard.Server.Serving;

/// <summary>Adds up the token counts of streamed answers: each prompt once, and each answer. Not thread-safe.</summary>
internal sealed class UsageSum
{
    private readonly Dictionary<int, Usage> _prompts = [];
    private int _completionTokens;
    private int _reasoningTokens;

    /// <summary>The sum so far.</summary>
    public Usage Total => new()
    {
        PromptTokens = _prompts.Values.Sum(static usage => usage.PromptTokens),
        CachedTokens = _prompts.Values.Sum(static usage => usage.CachedTokens),
        CompletionTokens = _completionTokens,
        ReasoningTokens = _reasoningTokens,
    };

    /// <summary>Adds the counts of a part, if it has any.</summary>
    public void Add(ChatDelta part)
    {
        if (part.Usage is { } usage)
        {
            _prompts.TryAdd(part.PromptIndex, usage); // a later candidate finds the prompt in the cache
            _completionTokens += usage.CompletionTokens;
            _reasoningTokens += usage.ReasoningTokens;
        }
    }
}
