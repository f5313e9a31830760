using System.Numerics.Tensors;

namespace Orchard.Engine.Inference;

/// <summary>Chooses the token with the largest logit; of equals the first. NaN never wins.</summary>
internal sealed class GreedyChoice : ITokenChoice
{
    public bool HasNoMemory => true;

    public int? Choose(Span<float> logits)
    {
        int best = IndexOfMax(logits);
        if (best >= 0 && float.IsNaN(logits[best]))
        {
            RemoveNaN(logits); // the first NaN counts as the largest
            best = IndexOfMax(logits);
        }

        return best >= 0 && logits[best] > float.NegativeInfinity ? best : null;
    }

    public void Accept(int token)
    {
    }

    public void Dispose()
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
