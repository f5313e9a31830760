using System.Numerics.Tensors;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Selects the token with the largest logit, the first of several equal ones. NaN is ignored.</summary>
internal sealed class GreedySelector : ITokenSelector
{
    public bool IsStateless => true;

    public int? Select(Span<float> logits)
    {
        int best = IndexOfMax(logits);
        if (best >= 0 && float.IsNaN(logits[best]))
        {
            RemoveNaN(logits); // IndexOfMax returns the first NaN
            best = IndexOfMax(logits);
        }

        return best >= 0 && logits[best] > float.NegativeInfinity ? best : null;
    }

    public void Accept(int token)
    {
    }

    private static int IndexOfMax(ReadOnlySpan<float> logits) => TensorPrimitives.IndexOfMax(logits);

    private static void RemoveNaN(Span<float> logits)
    {
        foreach (ref float logit in logits)
        {
            if (float.IsNaN(logit))
            {
                logit = float.NegativeInfinity;
            }
        }
    }
}
