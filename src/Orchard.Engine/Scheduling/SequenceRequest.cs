using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;

namespace Orchard.Engine.Scheduling;

/// <summary>A sequence to generate: a tokenized prompt and how to continue it.</summary>
internal sealed class SequenceRequest
{
    /// <summary>The tokens of the prompt; placeholders for those of images and sound.</summary>
    public required int[] Prompt { get; init; }

    /// <summary>The images and sounds in the prompt; null if there are none.</summary>
    public MediaSpans? Media { get; init; }

    /// <summary>Maximum number of tokens to generate; 0 for as many as the context holds (default: 0).</summary>
    public int MaxTokens { get; init; }

    public SamplingParameters Sampling { get; init; } = SamplingParameters.Greedy;

    /// <summary>
    /// Stop sequences (default: none). The match is part of the output. Empty ones are ignored. They have no effect in the reasoning.
    /// </summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>What surrounds the reasoning before the answer; null if there is none.</summary>
    public ReasoningMarks? Reasoning { get; init; }

    /// <summary>LoRA adapters to generate with; null for none.</summary>
    public AdapterSet? Adapters { get; init; }

    /// <summary>Texts of the control tokens that are part of the output (default: none). A grammar may add more.</summary>
    public IReadOnlyList<string> ControlTexts { get; init; } = [];

    /// <summary>The client that sent the request. Sequences of clients with fewer running ones start first.</summary>
    public ulong ClientId { get; init; }

    /// <summary>Whether the sequence reads the prefix cache and adds to it (default: true).</summary>
    public bool UsesPrefixCache { get; init; } = true;

    /// <summary>
    /// Whether all tokens are computed in separate batches of a fixed shape, without the prefix cache (default: false). Floating-point sums
    /// are identical to the last bit only if they are computed in the same order. This is slower, and slows down other sequences.
    /// </summary>
    public bool IsDeterministic { get; init; }

    public required ISequenceObserver Observer { get; init; }

    /// <summary>Ends the sequence at the next step when cancelled.</summary>
    public CancellationToken CancellationToken { get; init; }
}
