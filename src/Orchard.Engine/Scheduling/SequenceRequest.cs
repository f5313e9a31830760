using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>One sequence to generate: a tokenized prompt and how to continue it.</summary>
internal sealed class SequenceRequest
{
    public required int[] Prompt { get; init; }

    /// <summary>Most tokens to generate; 0: until the context is full.</summary>
    public int MaxTokens { get; init; }

    public SamplingParameters Sampling { get; init; } = SamplingParameters.Greedy;

    /// <summary>Texts that end the sequence. The match is part of the output. Empty ones are ignored.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>LoRA adapters to generate with; null: the model as it is.</summary>
    public AdapterSet? Adapters { get; init; }

    /// <summary>Control tokens whose text is part of the output (default: none). A grammar may add others.</summary>
    public IReadOnlyList<string> ControlTexts { get; init; } = [];

    /// <summary>Whose it is: sequences of clients that have fewer running start first.</summary>
    public ulong ClientId { get; init; }

    /// <summary>Whether it may begin with tokens that were computed for another sequence, and leave its own for others (default: true).</summary>
    public bool UsesPrefixCache { get; init; } = true;

    /// <summary>
    /// Whether its tokens are computed in batches of its own, always of the same shape, and from the first on: sums come out the same
    /// to the last bit only when they are taken in the same order. Slower, and slows the others (default: false).
    /// </summary>
    public bool IsDeterministic { get; init; }

    public required ISequenceObserver Observer { get; init; }

    /// <summary>Cancelling it ends the sequence at the next step.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>Receives what one sequence produces, on the scheduler's thread: calls must be short and must not throw.</summary>
internal interface ISequenceObserver
{
    /// <summary>Called when the sequence has left the queue.</summary>
    void OnStarted()
    {
    }

    /// <summary>Called when its prompt is computed and its first token chosen.</summary>
    void OnPrefilled()
    {
    }

    /// <summary>Called at most once a step, and once with an end; nothing follows that.</summary>
    void OnProgress(in SequenceProgress progress);
}

/// <summary>What a sequence gained in one step.</summary>
internal readonly ref struct SequenceProgress
{
    /// <summary>Whole UTF-8 characters whose place in the output is decided; possibly empty.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The tokens sampled since the last progress, end-of-generation token excluded.</summary>
    public required ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>Tokens generated so far, end-of-generation token excluded.</summary>
    public required int GeneratedTokens { get; init; }

    public required int PromptTokens { get; init; }

    /// <summary>Prompt tokens that came from the prefix cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>How probable each of <see cref="Tokens"/> was; empty when the sampling parameters did not ask.</summary>
    public ReadOnlySpan<SampledToken> Logprobs { get; init; }

    /// <summary>Null while the sequence goes on.</summary>
    public SequenceEnd? End { get; init; }
}

internal enum SequenceEndReason
{
    /// <summary>End-of-generation token or stop string.</summary>
    Stop,

    /// <summary>Token limit or full context.</summary>
    Length,

    Cancelled,

    Failed,
}

/// <param name="Reason">Why it ended.</param>
/// <param name="Error">What failed, for <see cref="SequenceEndReason.Failed"/>.</param>
/// <param name="StopToken">The end-of-generation token, when one ended it.</param>
/// <param name="StopString">The stop string that matched, when one did.</param>
internal sealed record SequenceEnd(SequenceEndReason Reason, string? Error = null, int? StopToken = null, string? StopString = null)
{
    public static SequenceEnd Length { get; } = new(SequenceEndReason.Length);

    public static SequenceEnd Cancelled { get; } = new(SequenceEndReason.Cancelled);
}
