namespace Orchard.Engine.Inference.Sampling;

/// <summary>Reports the log probabilities of the tokens that another sampler selects, computed from the unmodified logits.</summary>
/// <param name="sampler">Selects the tokens.</param>
/// <param name="topCount">Number of most probable tokens to report with each token.</param>
internal sealed class LogprobSampler(ISampler sampler, int topCount) : ISampler
{
    private float[] _raw = [];

    public SampledToken? LastSampled { get; private set; }

    public bool IsFinished => sampler.IsFinished;

    public int Expect(Span<int> tokens, Span<bool> certain, out bool areUntried)
    {
        int count = sampler.Expect(tokens, certain, out areUntried);
        certain[..count].Clear(); // log probabilities need the logits of each token
        return count;
    }

    public int Sample(Span<float> logits)
    {
        // The sampler overwrites its input.
        if (_raw.Length < logits.Length)
        {
            _raw = new float[logits.Length];
        }

        Span<float> raw = _raw.AsSpan(0, logits.Length);
        logits.CopyTo(raw);
        int token = sampler.Sample(logits);

        double normalizer = LogSumExp(raw);
        LastSampled = new SampledToken(token, raw[token] - normalizer, Top(raw, normalizer));
        return token;
    }

    // Relative to the largest logit, so that the exponentials cannot overflow, and summed in double precision.
    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = logit > largest ? logit : largest; // false for NaN
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            if (!float.IsNaN(logit))
            {
                sum += Math.Exp(logit - largest);
            }
        }

        return largest + Math.Log(sum);
    }

    /// <summary>Returns the largest logits in descending order; equal ones in token order.</summary>
    private CandidateLogprob[] Top(ReadOnlySpan<float> logits, double normalizer)
    {
        int count = Math.Min(topCount, logits.Length);
        if (count == 0)
        {
            return [];
        }

        var best = new List<(float Logit, int Token)>(count + 1);
        for (int token = 0; token < logits.Length; token++)
        {
            float logit = logits[token];
            if (float.IsNaN(logit) || (best.Count == count && !(logit > best[^1].Logit)))
            {
                continue;
            }

            int rank = best.Count;
            while (rank > 0 && logit > best[rank - 1].Logit)
            {
                rank--;
            }

            best.Insert(rank, (logit, token));
            if (best.Count > count)
            {
                best.RemoveAt(count);
            }
        }

        return [.. best.Select(entry => new CandidateLogprob(entry.Token, entry.Logit - normalizer))];
    }
}
