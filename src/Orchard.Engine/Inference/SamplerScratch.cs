using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>The candidate list of a decoder's samplers. They run one after another, so one list serves all of them.</summary>
internal sealed class SamplerScratch(int vocabularySize)
{
    /// <summary>Beyond any real logit, and small enough that penalties and temperature do not turn it into infinity.</summary>
    private const float Largest = 1e30f;

    /// <summary>On the pinned heap, since the library reads and reorders it.</summary>
    public LlamaTokenData[] Candidates { get; } = GC.AllocateArray<LlamaTokenData>(vocabularySize, pinned: true);

    /// <summary>Fills the list. Infinities and NaN are replaced: the library's sorting and softmax would trip over them.</summary>
    /// <returns>False when no token can be chosen.</returns>
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
