using Orchard.Engine.Native;
using Orchard.Grammars.Tokens;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Creates samplers from sampling parameters. Out-of-range values are clamped or disable the respective step.</summary>
internal static class SamplerFactory
{
    private const int MaxPenaltyWindow = 1 << 16;

    /// <summary>Creates the sampler of a sequence.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="scratch">The candidate array of the decoder.</param>
    /// <param name="model">Provides the vocabulary for the DRY penalty; null disables DRY.</param>
    /// <param name="grammar">State of the grammar; null for none.</param>
    public static ISampler Create(
        SamplingParameters parameters, SamplerScratch scratch, LlamaModelHandle? model = null, GrammarMatcher? grammar = null)
    {
        ISampler sampler = new TokenSampler(new LogitBias(parameters.LogitBias), CreateSelector(parameters, scratch, model), grammar);
        return parameters.Logprobs ? new LogprobSampler(sampler, parameters.TopLogprobs) : sampler;
    }

    private static ITokenSelector CreateSelector(SamplingParameters parameters, SamplerScratch scratch, LlamaModelHandle? model)
    {
        bool greedy = !(parameters.Temperature > 0); // also for NaN
        DrySettings? dry = model is not null && parameters.Dry is { Multiplier: > 0, Window: > 0 } settings ? settings : null;
        if (greedy && !HasPenalties(parameters) && dry is null)
        {
            return new GreedySelector();
        }

        LlamaSamplerHandle chain = LlamaSamplerHandle.CreateChain();
        AddPenalties(chain, parameters, scratch.Candidates.Length);
        if (dry is not null)
        {
            chain.AddDry(
                model!,
                (float)dry.Multiplier,
                (float)dry.Base,
                dry.AllowedLength,
                Math.Min(dry.Window, MaxPenaltyWindow),
                dry.SequenceBreakers);
        }

        if (greedy)
        {
            chain.AddGreedy();
        }
        else
        {
            AddSampling(chain, parameters, scratch.Candidates.Length);
        }

        return new ChainSelector(chain, scratch);
    }

    private static bool HasPenalties(SamplingParameters parameters) =>
        parameters.PenaltyWindow > 0
        && (parameters.RepetitionPenalty != 1 || parameters.FrequencyPenalty != 0 || parameters.PresencePenalty != 0);

    private static void AddPenalties(LlamaSamplerHandle chain, SamplingParameters parameters, int vocabularySize)
    {
        if (HasPenalties(parameters))
        {
            chain.AddPenalties(
                vocabularySize,
                Math.Min(parameters.PenaltyWindow, MaxPenaltyWindow),
                parameters.RepetitionPenalty > 0 ? Math.Clamp(parameters.RepetitionPenalty, 0.01f, 100) : 1,
                float.IsNaN(parameters.FrequencyPenalty) ? 0 : Math.Clamp(parameters.FrequencyPenalty, -1000, 1000),
                float.IsNaN(parameters.PresencePenalty) ? 0 : Math.Clamp(parameters.PresencePenalty, -1000, 1000));
        }
    }

    /// <summary>Adds the samplers in the usual order: filter the candidates, apply the temperature, sample.</summary>
    private static void AddSampling(LlamaSamplerHandle chain, SamplingParameters parameters, int vocabularySize)
    {
        // The library replaces the largest seed by a random one, but the same seed must give the same tokens.
        uint seed = Math.Min(parameters.Seed, uint.MaxValue - 1);
        float temperature = Math.Clamp(parameters.Temperature, 1e-4f, 1e4f);
        if (parameters.Mirostat is { } mirostat)
        {
            chain.AddTemperature(temperature);
            chain.AddMirostat(seed, (float)mirostat.Tau, (float)mirostat.Eta);
            return;
        }

        if (parameters.TopK > 0 && parameters.TopK < vocabularySize)
        {
            chain.AddTopK(parameters.TopK);
        }

        if (parameters.TypicalP < 1)
        {
            chain.AddTypical(Math.Max(parameters.TypicalP, 0));
        }

        if (parameters.TopP < 1)
        {
            chain.AddTopP(Math.Max(parameters.TopP, 0));
        }

        if (parameters.MinP > 0)
        {
            chain.AddMinP(Math.Min(parameters.MinP, 1));
        }

        if (parameters.Xtc is { Probability: > 0 } xtc)
        {
            chain.AddXtc((float)xtc.Probability, (float)xtc.Threshold, seed);
        }

        chain.AddTemperature(temperature);
        chain.AddDistribution(seed);
    }
}
