using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Draws a token at random, in the usual order of steps: narrow the candidates, apply the temperature, draw.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="temperature">Greater than 0.</param>
/// <param name="candidates">Shared with the other samplers of the decoder.</param>
internal sealed class RandomSelector(SamplingParameters parameters, float temperature, CandidateSet candidates) : ITokenSelector
{
    private SeededRandom _random = new(parameters.Seed);

    public int? Select(Span<float> logits)
    {
        if (!candidates.TryFill(logits))
        {
            return null;
        }

        if (parameters.TopK > 0)
        {
            candidates.KeepTopK(parameters.TopK);
        }

        if (parameters.TypicalP < 1)
        {
            candidates.KeepTypical(Math.Max(parameters.TypicalP, 0));
        }

        if (parameters.TopP < 1)
        {
            candidates.KeepTopP(Math.Max(parameters.TopP, 0));
        }

        if (parameters.MinP > 0)
        {
            candidates.KeepMinP(Math.Min(parameters.MinP, 1));
        }

        if (parameters.Xtc is { Probability: > 0 } xtc && _random.NextDouble() < xtc.Probability)
        {
            candidates.ExcludeTopChoices((float)xtc.Threshold);
        }

        return candidates.Draw(temperature, _random.NextDouble()).Token;
    }

    public void Accept(int token)
    {
    }
}
