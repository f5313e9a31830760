using System.Numerics.Tensors;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Finds how large a key must be so that the weights of all larger ones reach a limit, without sorting the keys.</summary>
/// <remarks>The keys are counted in buckets first, and only those of one bucket are partitioned.</remarks>
internal sealed class WeightedThreshold(int capacity)
{
    private const int Buckets = 1_024;

    private readonly double[] _bucketWeights = new double[Buckets];
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
        float largest = TensorPrimitives.Max(keys);
        float scale = (Buckets - 1) / Math.Max(largest - TensorPrimitives.Min(keys), float.Epsilon);
        double rest = Math.Max(limit, double.Epsilon);
        int bucket = FindBucket(keys, weights, largest, scale, ref rest);
        int count = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (BucketOf(keys[i], largest, scale) == bucket)
            {
                _keys[count] = keys[i];
                _weights[count] = weights[i];
                count++;
            }
        }

        return FindAmong(count, rest);
    }

    private static int BucketOf(float key, float largest, float scale) => Math.Min((int)((largest - key) * scale), Buckets - 1);

    /// <summary>
    /// Returns the bucket in which the limit is reached, or else the last one with a key, and takes those before from the limit.
    /// </summary>
    private int FindBucket(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float largest, float scale, ref double rest)
    {
        Array.Clear(_bucketWeights);
        int last = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            int bucket = BucketOf(keys[i], largest, scale);
            _bucketWeights[bucket] += weights[i];
            last = Math.Max(last, bucket);
        }

        int found = 0;
        while (found < last && _bucketWeights[found] < rest)
        {
            rest -= _bucketWeights[found++];
        }

        return found;
    }

    private (float Threshold, double Remainder) FindAmong(int end, double rest)
    {
        int start = 0;
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
