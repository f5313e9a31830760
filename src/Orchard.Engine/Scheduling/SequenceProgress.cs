using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>What a sequence gained since the last progress.</summary>
internal readonly ref struct SequenceProgress
{
    /// <summary>Complete UTF-8 characters that are final. May be empty.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The tokens sampled since the last progress, without an end-of-generation token.</summary>
    public required ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>Number of tokens generated so far, without an end-of-generation token.</summary>
    public required int GeneratedTokens { get; init; }

    public required int PromptTokens { get; init; }

    /// <summary>Number of prompt tokens that came from the prefix cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Log probabilities of <see cref="Tokens"/>. Empty unless the sampling parameters request them.</summary>
    public ReadOnlySpan<SampledToken> Logprobs { get; init; }

    /// <summary>Set with the last progress; null before.</summary>
    public SequenceEnd? End { get; init; }
}
