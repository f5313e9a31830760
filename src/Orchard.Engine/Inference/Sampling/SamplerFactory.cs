using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Creates samplers from sampling parameters. Out-of-range values are clamped or disable the respective step.</summary>
internal static class SamplerFactory
{
    private const int MaxPenaltyWindow = 1 << 16;

    /// <summary>Creates the sampler of a sequence.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="candidates">The candidates of the decoder.</param>
    /// <param name="tokens">The vocabulary, for the DRY penalty; null disables DRY.</param>
    /// <param name="grammar">State of the grammar; null for none.</param>
    public static ISampler Create(
        SamplingParameters parameters, CandidateSet candidates, ITokenBytes? tokens = null, GrammarMatcher? grammar = null)
    {
        ISampler sampler = new TokenSampler(
            new LogitBias(parameters.LogitBias), [.. CreatePenalties(parameters, tokens)], CreateSelector(parameters, candidates), grammar);
        return parameters.Logprobs ? new LogprobSampler(sampler, parameters.TopLogprobs) : sampler;
    }

    private static IEnumerable<ILogitPenalty> CreatePenalties(SamplingParameters parameters, ITokenBytes? tokens)
    {
        if (parameters.PenaltyWindow > 0
            && (parameters.RepetitionPenalty != 1 || parameters.FrequencyPenalty != 0 || parameters.PresencePenalty != 0))
        {
            yield return new RepetitionPenalties(
                Math.Min(parameters.PenaltyWindow, MaxPenaltyWindow),
                parameters.RepetitionPenalty > 0 ? Math.Clamp(parameters.RepetitionPenalty, 0.01f, 100) : 1,
                float.IsNaN(parameters.FrequencyPenalty) ? 0 : Math.Clamp(parameters.FrequencyPenalty, -1000, 1000),
                float.IsNaN(parameters.PresencePenalty) ? 0 : Math.Clamp(parameters.PresencePenalty, -1000, 1000));
        }

        if (tokens is not null && parameters.Dry is { Multiplier: > 0, Window: > 0 } dry)
        {
            yield return new DryPenalty(dry with { Window = Math.Min(dry.Window, MaxPenaltyWindow) }, tokens);
        }
    }

    private static ITokenSelector CreateSelector(SamplingParameters parameters, CandidateSet candidates)
    {
        if (!(parameters.Temperature > 0)) // also for NaN
        {
            return new GreedySelector();
        }

        float temperature = Math.Clamp(parameters.Temperature, 1e-4f, 1e4f);
        return parameters.Mirostat is { } mirostat
            ? new MirostatSelector(mirostat, temperature, parameters.Seed, candidates)
            : new RandomSelector(parameters, temperature, candidates);
    }
}
