namespace Orchard.Engine.Inference.Sampling;

/// <summary>Values added to the logits of some tokens. Tokens outside the vocabulary and NaN values are ignored.</summary>
internal readonly struct LogitBias(IReadOnlyList<(int Token, float Bias)> entries)
{
    private readonly (int Token, float Bias)[] _entries = [.. entries.Where(entry => !float.IsNaN(entry.Bias))];

    /// <summary>Returns whether it excludes a token, whatever its logit is.</summary>
    public bool Excludes(int token)
    {
        foreach ((int biased, float bias) in _entries)
        {
            if (biased == token && float.IsNegativeInfinity(bias))
            {
                return true;
            }
        }

        return false;
    }

    public void Apply(Span<float> logits)
    {
        foreach ((int token, float bias) in _entries)
        {
            if ((uint)token < (uint)logits.Length)
            {
                logits[token] += bias;
            }
        }
    }
}
