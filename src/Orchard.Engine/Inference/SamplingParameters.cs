using Orchard.Engine.Grammars;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>How the next token is chosen. Temperature 0 or less is greedy.</summary>
internal sealed record SamplingParameters
{
    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    public float Temperature { get; init; } = 1;

    /// <summary>0 or less: off.</summary>
    public int TopK { get; init; }

    /// <summary>1 or more: off.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>0 or less: off.</summary>
    public float MinP { get; init; }

    /// <summary>Keep the tokens whose surprise is nearest to the expected one, up to this probability. 1 or more: off.</summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>Hold the surprise of tokens at a level, instead of cutting by rank or probability; null: off.</summary>
    public MirostatSettings? Mirostat { get; init; }

    /// <summary>Penalty for repeating sequences; null: off.</summary>
    public DrySettings? Dry { get; init; }

    /// <summary>Exclude top choices; null: off.</summary>
    public XtcSettings? Xtc { get; init; }

    /// <summary>Whether to tell the log probability of every token; see <see cref="ISampler.LastSampled"/>.</summary>
    public bool Logprobs { get; init; }

    /// <summary>How many of the most probable tokens to tell with each, when <see cref="Logprobs"/> is set.</summary>
    public int TopLogprobs { get; init; }

    public uint Seed { get; init; }

    /// <summary>1: off.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    public float FrequencyPenalty { get; init; }

    public float PresencePenalty { get; init; }

    /// <summary>How many of the last tokens penalties look at; 0: none, so penalties are off.</summary>
    public int PenaltyWindow { get; init; }

    /// <summary>What the output must be; null: anything. Share one grammar between sequences: what it costs is paid once.</summary>
    public Grammar? Grammar { get; init; }

    public IReadOnlyList<(int Token, float Bias)> LogitBias { get; init; } = [];
}
