namespace Orchard.Engine.Inference.Sampling;

/// <summary>Finds how large a key must be so that the weights of all larger ones reach a limit, without sorting the keys.</summary>
internal sealed class WeightedThreshold(int capacity)
{
    private readonly float[] _keys = new float[capacity];
    private readonly float[] _weights = new float[capacity];

    /// <summary>
    /// Returns a key such that the weights of all larger keys do not reach the limit, and what of the limit remains for those equal to it.
    /// </summary>
    /// <param name="keys">At least one; no NaN.</param>
    /// <param name="weights">As many, none of them negative.</param>
    /// <param name="limit">If the weights do not reach it, the result is the smallest key. Of 0 and less, it is the largest.</param>
    public (float Threshold, double Remainder) Find(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, double limit)
    {
        keys.CopyTo(_keys);
        weights.CopyTo(_weights);
        double rest = Math.Max(limit, double.Epsilon);
        int start = 0;
        int end = keys.Length;
        while (true)
        {
            // Larger keys first, then those equal to the pivot, then the smaller ones.
            float pivot = _keys[start + ((end - start) / 2)];
            int equal = start;
            int smaller = end;
            double largerWeight = 0;
            double equalWeight = 0;
            for (int i = start; i < smaller;)
            {
                if (_keys[i] > pivot)
                {
                    largerWeight += _weights[i];
                    Swap(i++, equal++);
                }
                else if (_keys[i] < pivot)
                {
                    Swap(i, --smaller);
                }
                else
                {
                    equalWeight += _weights[i++];
                }
            }

            if (largerWeight >= rest)
            {
                end = equal;
            }
            else if (largerWeight + equalWeight >= rest || smaller == end)
            {
                return (pivot, rest - largerWeight);
            }
            else
            {
                rest -= largerWeight + equalWeight;
                start = smaller;
            }
        }
    }

    private void Swap(int a, int b)
    {
        (_keys[a], _keys[b]) = (_keys[b], _keys[a]);
        (_weights[a], _weights[b]) = (_weights[b], _weights[a]);
    }
}
