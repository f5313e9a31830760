using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>The candidate array of a decoder's samplers. Samplers run one at a time, so they share it.</summary>
internal sealed class SamplerScratch(int vocabularySize)
{
    /// <summary>Larger than any real logit, but small enough that penalties and temperature cannot turn it into infinity.</summary>
    private const float Largest = 1e30f;

    /// <summary>One entry per token. Pinned, because native code reads and reorders it.</summary>
    public LlamaTokenData[] Candidates { get; } = GC.AllocateArray<LlamaTokenData>(vocabularySize, pinned: true);

    /// <summary>Fills the candidates. Replaces positive infinity and NaN, which break the sorting and softmax of the library.</summary>
    /// <returns>False if there is no usable logit.</returns>
    public bool TryFill(ReadOnlySpan<float> logits)
    {
        LlamaTokenData[] candidates = Candidates;
        bool any = false;
        for (int token = 0; token < candidates.Length; token++)
        {
            float logit = token < logits.Length ? logits[token] : float.NegativeInfinity;
            bool usable = logit > -Largest; // false for NaN
            any |= usable;
            candidates[token] = new LlamaTokenData { Token = token, Logit = usable ? Math.Min(logit, Largest) : float.NegativeInfinity };
        }

        return any;
    }
}
