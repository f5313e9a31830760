using Orchard.Engine.Grammars;
using Orchard.Engine.Native;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>Turns sampling parameters into a sampler. Values that make no sense count as off, or as the nearest that does.</summary>
internal static class SamplerFactory
{
    private const int MaxPenaltyWindow = 1 << 16;

    /// <param name="parameters">What to make.</param>
    /// <param name="scratch">The decoder's.</param>
    /// <param name="model">Whose vocabulary penalties for repeated sequences need; without it there are none.</param>
    /// <param name="grammar">What the sequence may be; null: anything.</param>
    public static ISampler Create(
        SamplingParameters parameters, SamplerScratch scratch, LlamaModelHandle? model = null, GrammarMatcher? grammar = null)
    {
        ISampler sampler = new TokenSampler(new LogitBias(parameters.LogitBias), CreateChoice(parameters, scratch, model), grammar);
        return parameters.Logprobs ? new LogprobSampler(sampler, parameters.TopLogprobs) : sampler;
    }

    public static DecodeException NoToken() =>
        new("No token can be chosen: every logit is NaN or negative infinity. Check the logit bias, or the model file.");

    public static DecodeException NoAllowedToken() =>
        new("No token can be chosen: the logit bias rules out every token that the response format allows here. Take it off, or the format.");

    private static ITokenChoice CreateChoice(SamplingParameters parameters, SamplerScratch scratch, LlamaModelHandle? model)
    {
        bool greedy = !(parameters.Temperature > 0); // NaN too
        DrySettings? dry = model is not null && parameters.Dry is { Multiplier: > 0, Window: > 0 } settings ? settings : null;
        if (greedy && !HasPenalties(parameters) && dry is null)
        {
            return new GreedyChoice();
        }

        LlamaSamplerHandle chain = LlamaSamplerHandle.CreateChain();
        AddPenalties(chain, parameters);
        if (dry is not null)
        {
            chain.AddDry(
                model!, (float)dry.Multiplier, (float)dry.Base, dry.AllowedLength, Math.Min(dry.Window, MaxPenaltyWindow), dry.SequenceBreakers);
        }

        if (greedy)
        {
            chain.AddGreedy();
        }
        else
        {
            AddDraw(chain, parameters, scratch.Candidates.Length);
        }

        return new ChainChoice(chain, scratch);
    }

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
        // The largest seed asks the library for a random one, and the same seed must give the same tokens.
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
