namespace Orchard.Engine.Inference;

/// <summary>Amounts added to the logits of some tokens. Entries for tokens the model does not have, and NaN, count as none.</summary>
internal readonly struct LogitBias(IReadOnlyList<(int Token, float Bias)> entries)
{
    private readonly (int Token, float Bias)[] _entries = [.. entries.Where(entry => !float.IsNaN(entry.Bias))];

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
