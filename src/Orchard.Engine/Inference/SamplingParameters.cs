using Orchard.Engine.Inference.Sampling;
using Orchard.Grammars.Compilation;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>How tokens are sampled.</summary>
internal sealed record SamplingParameters
{
    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Temperature (default: 1). 0 or less selects the most probable token (greedy).</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Top-k: number of most probable candidates to keep (default: 0). 0 or less disables it.</summary>
    public int TopK { get; init; }

    /// <summary>Top-p: cumulative probability of the candidates to keep (default: 1). 1 or more disables it.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Min-p: minimum probability relative to the most probable candidate (default: 0). 0 or less disables it.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Typical-p: keeps the candidates whose surprisal is closest to the entropy, up to this cumulative probability (default: 1). 1 or more
    /// disables it.
    /// </summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>Mirostat 2.0: keeps the surprisal of the text near a target, instead of top-k, top-p and so on; null disables it.</summary>
    public MirostatSettings? Mirostat { get; init; }

    /// <summary>DRY: penalizes repeated token sequences; null disables it.</summary>
    public DrySettings? Dry { get; init; }

    /// <summary>XTC: excludes the most probable candidates; null disables it.</summary>
    public XtcSettings? Xtc { get; init; }

    /// <summary>Whether log probabilities are reported (default: false); see <see cref="ISampler.LastSampled"/>.</summary>
    public bool Logprobs { get; init; }

    /// <summary>Number of most probable tokens to report for each token if <see cref="Logprobs"/> is set (default: 0).</summary>
    public int TopLogprobs { get; init; }

    /// <summary>Seed of the random number generator (default: 0).</summary>
    public uint Seed { get; init; }

    /// <summary>Repetition penalty (default: 1). 1 disables it.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Frequency penalty (default: 0). 0 disables it.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Presence penalty (default: 0). 0 disables it.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Number of most recent tokens that the penalties consider (default: 0). 0 disables the penalties.</summary>
    public int PenaltyWindow { get; init; }

    /// <summary>Grammar of the output; null for none. Sequences should share a grammar, so that its states are computed once.</summary>
    public Grammar? Grammar { get; init; }

    /// <summary>Values added to the logits of tokens (default: none).</summary>
    public IReadOnlyList<(int Token, float Bias)> LogitBias { get; init; } = [];
}
