namespace Orchard.Calls.Chat;

/// <summary>
/// The sampling values of a request. Each is the caller's value, else the model's recommendation, else the default of llama.cpp.
/// </summary>
internal sealed class ResolvedSampling(GenerationOptions options, RecommendedSampling recommended)
{
    // The defaults of llama.cpp (common_params_sampling).
    private const double DefaultTemperature = 0.8;
    private const double DefaultTopP = 0.95;
    private const int DefaultTopK = 40;
    private const double DefaultMinP = 0.05;
    private const double DefaultTypicalP = 1;
    private const double DefaultRepetitionPenalty = 1;
    private const int DefaultPenaltyWindow = 64;

    public double Temperature => options.Temperature ?? recommended.Temperature ?? DefaultTemperature;

    public double TopP => options.TopP is 0 ? 1 : options.TopP ?? recommended.TopP ?? DefaultTopP;

    /// <summary>The number of tokens to consider; 0 for all. A top-p of 0 leaves only the most likely one.</summary>
    public int TopK => options.TopP is 0 ? 1 : options.TopK ?? recommended.TopK ?? DefaultTopK;

    public double MinP => options.MinP ?? recommended.MinP ?? DefaultMinP;

    public double TypicalP => options.TypicalP ?? DefaultTypicalP;

    public double RepetitionPenalty => options.RepetitionPenalty ?? recommended.RepetitionPenalty ?? DefaultRepetitionPenalty;

    public double FrequencyPenalty => options.FrequencyPenalty ?? 0;

    public double PresencePenalty => options.PresencePenalty ?? 0;

    public int PenaltyWindow => options.PenaltyWindow ?? recommended.PenaltyWindow ?? DefaultPenaltyWindow;

    // Mirostat replaces the samplers below: a recommended one must not silently disable one that the caller sets.
    public MirostatOptions? Mirostat =>
        options.Mirostat ?? (options is { TopP: null, TopK: null, MinP: null, TypicalP: null, Xtc: null } ? recommended.Mirostat : null);

    public XtcOptions? Xtc => options.Xtc ?? recommended.Xtc;
}
