using System.Numerics.Tensors;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>
/// The tokens among which a sampler draws, in the order of their ids. Samplers run one at a time, so those of a decoder share one.
/// </summary>
internal sealed class CandidateSet(int vocabularySize)
{
    /// <summary>Larger than any real logit, but small enough that differences and quotients of such logits are finite.</summary>
    private const float Largest = 1e30f;

    private const int BlockLength = 256; // summed in single precision

    private readonly WeightedThreshold _threshold = new(vocabularySize);
    private readonly int[] _tokens = new int[vocabularySize];
    private readonly float[] _logits = new float[vocabularySize];
    private readonly float[] _weights = new float[vocabularySize];
    private readonly float[] _keys = new float[vocabularySize];

    /// <summary>Number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>The candidates.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    private Span<float> Logits => _logits.AsSpan(0, Count);

    private Span<float> Weights => _weights.AsSpan(0, Count);

    private Span<float> Keys => _keys.AsSpan(0, Count);

    /// <summary>Starts with all tokens but those whose logit is NaN or negative infinity.</summary>
    /// <returns>False if there is no candidate.</returns>
    public bool TryFill(ReadOnlySpan<float> logits)
    {
        int count = 0;
        int length = Math.Min(logits.Length, _tokens.Length);
        for (int token = 0; token < length; token++)
        {
            float logit = logits[token];
            if (logit > -Largest) // false for NaN
            {
                _tokens[count] = token;
                _logits[count] = Math.Min(logit, Largest);
                count++;
            }
        }

        Count = count;
        return count > 0;
    }

    /// <summary>Keeps the most probable candidates.</summary>
    public void KeepTopK(int count)
    {
        if (count < Count)
        {
            Weights.Fill(1);
            Keep(Logits, count);
        }
    }

    /// <summary>Keeps the most probable candidates whose probabilities together reach a limit.</summary>
    public void KeepTopP(float probability)
    {
        double total = Weigh(1);
        double limit = probability * total;

        // Those below the average of what may be cut off are cut off: all of them together are less than that.
        float negligible = (float)((total - limit) / Count);
        Weights.CopyTo(Keys);
        KeepWhere(Keys, negligible);
        Keep(Logits, limit);
    }

    /// <summary>Keeps the candidates with at least a fraction of the largest probability.</summary>
    public void KeepMinP(float fraction) => KeepWhere(Logits, TensorPrimitives.Max<float>(Logits) + MathF.Log(fraction));

    /// <summary>Keeps the candidates whose surprisal is closest to the entropy, up to a cumulative probability.</summary>
    public void KeepTypical(float probability)
    {
        double total = Weigh(1);
        float offset = TensorPrimitives.Max<float>(Logits) + (float)Math.Log(total);
        TensorPrimitives.Subtract(Logits, offset, Keys); // log probabilities
        float entropy = -(float)(TensorPrimitives.Dot<float>(Weights, Keys) / total);
        for (int i = 0; i < Count; i++)
        {
            _keys[i] = -MathF.Abs(_keys[i] + entropy);
        }

        Keep(Keys, probability * total);
    }

    /// <summary>XTC: excludes the candidates with at least a probability, except the least probable one of them.</summary>
    public void ExcludeTopChoices(float threshold)
    {
        float least = (float)(threshold * Weigh(1));
        int last = -1;
        int above = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_weights[i] >= least)
            {
                above++;
                last = last < 0 || _logits[i] < _logits[last] ? i : last;
            }
        }

        if (above > 1)
        {
            int kept = 0;
            for (int i = 0; i < Count; i++)
            {
                if (i == last || _weights[i] < least)
                {
                    Move(i, kept++);
                }
            }

            Count = kept;
        }
    }

    /// <summary>Keeps the candidates of at most a surprisal in bits, and in any case the most probable one.</summary>
    public void KeepBelowSurprisal(float temperature, double bits)
    {
        double total = Weigh(temperature);
        Weights.CopyTo(Keys);
        KeepWhere(Keys, Math.Min((float)(total * Math.Pow(2, -bits)), TensorPrimitives.Max<float>(Keys)));
    }

    /// <summary>Draws a candidate. Returns it and its probability.</summary>
    /// <param name="temperature">Greater than 0.</param>
    /// <param name="random">A random number from 0 up to, but not including, 1.</param>
    public (int Token, double Probability) Draw(float temperature, double random)
    {
        double total = Weigh(temperature);
        double target = random * total;
        double sum = 0;
        int start = 0;
        while (start + BlockLength < Count && sum + SumOfBlock(start) is var next && next <= target)
        {
            sum = next;
            start += BlockLength;
        }

        // If the sum of the block was rounded up, the last of its candidates with any weight is drawn.
        int drawn = start;
        for (int i = start; i < Math.Min(start + BlockLength, Count) && sum <= target; i++)
        {
            if (_weights[i] > 0)
            {
                drawn = i;
                sum += _weights[i];
            }
        }

        return (_tokens[drawn], _weights[drawn] / total);
    }

    /// <summary>Computes weights in proportion to the probabilities, of which the largest is 1. Returns their sum.</summary>
    private double Weigh(float temperature)
    {
        Span<float> weights = Weights;
        TensorPrimitives.Subtract(Logits, TensorPrimitives.Max<float>(Logits), weights);
        if (temperature != 1)
        {
            TensorPrimitives.Divide(weights, temperature, weights);
        }

        TensorPrimitives.Exp<float>(weights, weights);
        double total = 0;
        for (int start = 0; start < Count; start += BlockLength)
        {
            total += SumOfBlock(start);
        }

        return total;
    }

    private double SumOfBlock(int start) =>
        TensorPrimitives.Sum<float>(_weights.AsSpan(start, Math.Min(BlockLength, Count - start)));

    /// <summary>
    /// Keeps the candidates with the largest keys whose weights together reach a limit; of equal ones those with smaller ids, and always at
    /// least one.
    /// </summary>
    private void Keep(ReadOnlySpan<float> keys, double limit)
    {
        (float threshold, double rest) = _threshold.Find(keys, Weights, limit);
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            bool isKept = keys[i] > threshold;
            if (keys[i] == threshold && rest > 0)
            {
                isKept = true;
                rest -= _weights[i];
            }

            if (isKept)
            {
                Move(i, kept++);
            }
        }

        Count = kept;
    }

    /// <summary>Keeps the candidates whose key is at least <paramref name="least"/>.</summary>
    private void KeepWhere(ReadOnlySpan<float> keys, float least)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (keys[i] >= least)
            {
                Move(i, kept++);
            }
        }

        Count = kept;
    }

    private void Move(int from, int to)
    {
        _tokens[to] = _tokens[from];
        _logits[to] = _logits[from];
        _weights[to] = _weights[from];
    }
}
