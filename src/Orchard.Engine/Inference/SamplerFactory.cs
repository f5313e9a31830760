using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>Turns sampling parameters into a sampler. Values that make no sense count as off, or as the nearest that does.</summary>
internal static class SamplerFactory
{
    private const int MaxPenaltyWindow = 1 << 16;

    public static ISampler Create(SamplingParameters parameters, SamplerScratch scratch)
    {
        var bias = new LogitBias(parameters.LogitBias);
        bool greedy = !(parameters.Temperature > 0); // NaN too
        if (greedy && !HasPenalties(parameters))
        {
            return new GreedySampler(bias);
        }

        LlamaSamplerHandle chain = LlamaSamplerHandle.CreateChain();
        AddPenalties(chain, parameters);
        if (greedy)
        {
            chain.AddGreedy();
        }
        else
        {
            AddDraw(chain, parameters, scratch.Candidates.Length);
        }

        return new ChainSampler(chain, bias, scratch);
    }

    public static DecodeException NoToken() =>
        new("No token can be chosen: every logit is NaN or negative infinity. Check the logit bias, or the model file.");

    private static bool HasPenalties(SamplingParameters parameters) =>
        parameters.PenaltyWindow > 0
        && (parameters.RepetitionPenalty != 1 || parameters.FrequencyPenalty != 0 || parameters.PresencePenalty != 0);

    private static void AddPenalties(LlamaSamplerHandle chain, SamplingParameters parameters)
    {
        if (HasPenalties(parameters))
        {
            chain.AddPenalties(
                Math.Min(parameters.PenaltyWindow, MaxPenaltyWindow),
                parameters.RepetitionPenalty > 0 ? Math.Clamp(parameters.RepetitionPenalty, 0.01f, 100) : 1,
                float.IsNaN(parameters.FrequencyPenalty) ? 0 : Math.Clamp(parameters.FrequencyPenalty, -1000, 1000),
                float.IsNaN(parameters.PresencePenalty) ? 0 : Math.Clamp(parameters.PresencePenalty, -1000, 1000));
        }
    }

    /// <summary>The field's usual order: narrow down, then flatten or sharpen, then draw.</summary>
    private static void AddDraw(LlamaSamplerHandle chain, SamplingParameters parameters, int vocabularySize)
    {
        if (parameters.TopK > 0 && parameters.TopK < vocabularySize)
        {
            chain.AddTopK(parameters.TopK);
        }

        if (parameters.TopP < 1)
        {
            chain.AddTopP(Math.Max(parameters.TopP, 0));
        }

        if (parameters.MinP > 0)
        {
            chain.AddMinP(Math.Min(parameters.MinP, 1));
        }

        chain.AddTemperature(Math.Clamp(parameters.Temperature, 1e-4f, 1e4f));

        // The largest seed asks the library for a random one, and the same seed must give the same tokens.
        chain.AddDistribution(Math.Min(parameters.Seed, uint.MaxValue - 1));
    }
}
