namespace Orchard;

/// <summary>
/// The sampling values that a model file recommends, from its <c>general.sampling.*</c> metadata. A value is null if the file does not
/// state it. Immutable.
/// </summary>
/// <remarks>They apply where the corresponding <see cref="GenerationOptions"/> are null.</remarks>
public sealed class RecommendedSampling
{
    internal static RecommendedSampling None { get; } = new();

    /// <summary>Recommended <see cref="GenerationOptions.Temperature"/> (key <c>general.sampling.temp</c>).</summary>
    public double? Temperature { get; init; }

    /// <summary>Recommended <see cref="GenerationOptions.TopP"/> (key <c>general.sampling.top_p</c>).</summary>
    public double? TopP { get; init; }

    /// <summary>Recommended <see cref="GenerationOptions.TopK"/>; 0 for all tokens (key <c>general.sampling.top_k</c>).</summary>
    public int? TopK { get; init; }

    /// <summary>Recommended <see cref="GenerationOptions.MinP"/> (key <c>general.sampling.min_p</c>).</summary>
    public double? MinP { get; init; }

    /// <summary>Recommended <see cref="GenerationOptions.RepetitionPenalty"/> (key <c>general.sampling.penalty_repeat</c>).</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Recommended <see cref="GenerationOptions.PenaltyWindow"/> (key <c>general.sampling.penalty_last_n</c>).</summary>
    public int? PenaltyWindow { get; init; }

    /// <summary>
    /// Recommended <see cref="GenerationOptions.Mirostat"/> (keys <c>general.sampling.mirostat</c>, which must be 2, <c>.mirostat_tau</c>
    /// and <c>.mirostat_eta</c>).
    /// </summary>
    public MirostatOptions? Mirostat { get; init; }

    /// <summary>
    /// Recommended <see cref="GenerationOptions.Xtc"/> (keys <c>general.sampling.xtc_probability</c> and <c>.xtc_threshold</c>).
    /// </summary>
    public XtcOptions? Xtc { get; init; }
}
