namespace Orchard.Responses;

/// <summary>A part of the content of a message or a reasoning item. Immutable.</summary>
public sealed class ResponseContentPart
{
    /// <summary>The kind of the part.</summary>
    public required ResponseContentKind Kind { get; init; }

    /// <summary>The text generated so far.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// The text's tokens with their log probabilities; empty unless <see cref="GenerationOptions.IncludeLogprobs"/> is set.
    /// </summary>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];
}
