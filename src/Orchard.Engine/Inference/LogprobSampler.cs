namespace Orchard.Engine.Inference;

/// <summary>Has another sampler choose, and tells how probable its choice was before bias, penalties and temperature changed anything.</summary>
/// <param name="sampler">Owned.</param>
/// <param name="topCount">How many of the most probable tokens to tell with each; 0: none.</param>
internal sealed class LogprobSampler(ISampler sampler, int topCount) : ISampler
{
    private float[] _raw = [];

    public bool HasNoMemory => sampler.HasNoMemory;

    public SampledToken? LastSampled { get; private set; }

    public bool IsFinished => sampler.IsFinished;

    public int Sample(Span<float> logits)
    {
        // The sampler overwrites what it is given.
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

    public void Dispose() => sampler.Dispose();

    // Exponents are taken of distances to the largest, so that none overflows, and are summed as doubles.
    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = logit > largest ? logit : largest; // NaN is never larger
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

    /// <summary>The largest, best first; of equals the first.</summary>
    private TokenLikelihood[] Top(ReadOnlySpan<float> logits, double normalizer)
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

            int place = best.Count;
            while (place > 0 && logit > best[place - 1].Logit)
            {
                place--;
            }

            best.Insert(place, (logit, token));
            if (best.Count > count)
            {
                best.RemoveAt(count);
            }
        }

        return [.. best.Select(entry => new TokenLikelihood(entry.Token, entry.Logit - normalizer))];
    }
}
