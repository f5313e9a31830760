namespace Orchard.Models;

/// <summary>Reads the sampling values that a model file recommends, as the engine reports them.</summary>
internal static class RecommendedSamplingReader
{
    private const int Mirostat2 = 2;

    /// <summary>Returns the recommended values. A value that is out of range counts as not stated.</summary>
    /// <param name="values">Numbers by the last part of their <c>general.sampling.*</c> key; null if the engine reports none.</param>
    public static RecommendedSampling Read(IReadOnlyDictionary<string, double>? values)
    {
        if (values is null || values.Count == 0)
        {
            return RecommendedSampling.None;
        }

        return new RecommendedSampling
        {
            Temperature = Find(values, "temp", 0, 10),
            TopP = Find(values, "top_p", double.Epsilon, 1),
            TopK = FindInteger(values, "top_k", 0, int.MaxValue, belowRange: 0),
            MinP = Find(values, "min_p", 0, 1),
            RepetitionPenalty = Find(values, "penalty_repeat", double.Epsilon, 10),
            PenaltyWindow = FindInteger(
                values, "penalty_last_n", 0, GenerationOptions.PenaltyWindowLimit, belowRange: GenerationOptions.PenaltyWindowLimit),
            Mirostat = ReadMirostat(values),
            Xtc = ReadXtc(values),
        };
    }

    private static MirostatOptions? ReadMirostat(IReadOnlyDictionary<string, double> values)
    {
        if (Find(values, "mirostat", Mirostat2, Mirostat2) is null)
        {
            return null;
        }

        var defaults = new MirostatOptions();
        return new MirostatOptions
        {
            Tau = Find(values, "mirostat_tau", double.Epsilon, 100) ?? defaults.Tau,
            Eta = Find(values, "mirostat_eta", double.Epsilon, 1) ?? defaults.Eta,
        };
    }

    private static XtcOptions? ReadXtc(IReadOnlyDictionary<string, double> values) =>
        Find(values, "xtc_probability", 0, 1) is { } probability
            ? new XtcOptions { Probability = probability, Threshold = Find(values, "xtc_threshold", 0, 0.5) ?? new XtcOptions().Threshold }
            : null;

    private static double? Find(IReadOnlyDictionary<string, double> values, string name, double min, double max) =>
        values.TryGetValue(name, out double value) && value >= min && value <= max ? value : null;

    // llama.cpp takes a top-k below 0 for all tokens, and a penalty window below 0 for the whole context.
    private static int? FindInteger(IReadOnlyDictionary<string, double> values, string name, int min, int max, int belowRange) =>
        !values.TryGetValue(name, out double value) || !double.IsInteger(value) ? null
        : value < min ? belowRange
        : value <= max ? (int)value
        : null;
}
