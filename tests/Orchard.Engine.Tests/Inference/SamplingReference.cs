using Orchard.Engine.Inference;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Reference implementation of the sampling parameters in double precision, independent of the engine.</summary>
internal static class SamplingReference
{
    public static double[] Probabilities(float[] logits, SamplingParameters parameters)
    {
        List<int> kept = [.. Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token])];
        if (parameters.TopK > 0)
        {
            kept = [.. kept.Take(parameters.TopK)];
        }

        if (parameters.TypicalP < 1)
        {
            kept = Typical(logits, kept, parameters.TypicalP);
        }

        if (parameters.TopP < 1)
        {
            kept = UpTo(kept.OrderByDescending(token => logits[token]), Softmax(logits, kept, 1), parameters.TopP, including: true);
        }

        if (parameters.MinP > 0)
        {
            double least = kept.Max(token => (double)logits[token]) + Math.Log(parameters.MinP);
            kept = [.. kept.Where(token => logits[token] >= least)];
        }

        return Softmax(logits, kept, parameters.Temperature);
    }

    // Surprisal closest to the entropy first.
    private static List<int> Typical(float[] logits, List<int> kept, double limit)
    {
        double[] probabilities = Softmax(logits, kept, 1);
        double entropy = -kept.Sum(token => probabilities[token] * Math.Log(probabilities[token]));
        return UpTo(kept.OrderBy(token => Math.Abs(-Math.Log(probabilities[token]) - entropy)), probabilities, limit, including: false);
    }

    private static List<int> UpTo(IEnumerable<int> tokens, double[] probabilities, double limit, bool including)
    {
        var taken = new List<int>();
        double sum = 0;
        foreach (int token in tokens)
        {
            taken.Add(token);
            sum += probabilities[token];
            if (including ? sum >= limit : sum > limit)
            {
                break;
            }
        }

        return taken;
    }

    private static double[] Softmax(float[] logits, List<int> kept, double temperature)
    {
        var probabilities = new double[logits.Length];
        double largest = kept.Max(token => (double)logits[token]);
        double sum = kept.Sum(token => Math.Exp((logits[token] - largest) / temperature));
        foreach (int token in kept)
        {
            probabilities[token] = Math.Exp((logits[token] - largest) / temperature) / sum;
        }

        return probabilities;
    }
}
