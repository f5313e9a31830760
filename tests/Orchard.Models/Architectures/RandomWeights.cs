namespace Orchard.TestModels.Architectures;

/// <summary>
/// Random values of a tensor, by its name, so that activations neither vanish nor explode and a different token anywhere in a prompt makes
/// another answer.
/// </summary>
internal static class RandomWeights
{
    /// <summary>What tensors are: the first row whose text is in the name counts.</summary>
    private static readonly (string Part, double Low, double High)[] Ranges =
    [
        ("ssm_a", -1.5, -0.2), // negative, or a state would grow without bounds
        ("ssm_d", 0.5, 1),
        ("ssm_dt.bias", -2, 0),
        ("time_mix_decay.weight", -3, 0),
        ("time_mix_w0", -3, 0),
        ("lerp", 0, 1),
        ("time_mix_k_", 0.5, 1),
        ("rope_freqs", 1, 1),
        ("output_scale", 0.8, 1.2),
        ("altup_", -0.1, 0.1), // predicts a layer's output from another, and would double rounding in each layer
        ("hc_", -0.5, 0.5),
        ("attn_q_norm", 0.4, 0.6), // some models do not scale attention scores, and with large ones rounding decides
        ("attn_k_norm", 0.4, 0.6),
        ("post_", 0.1, 0.2), // what a layer adds; with as much as it is added to, rounding doubles in each layer
        ("norm", 0.8, 1.2),
        (".bias", -0.1, 0.1),
    ];

    public static float[] Create(string name, int[] dimensions, Random random)
    {
        bool isNorm = name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".bias", StringComparison.Ordinal);
        (double low, double high) = isNorm ? (-0.1, 0.1) : Ranges
            .Where(range => name.Contains(range.Part, StringComparison.Ordinal))
            .Select(static range => (range.Low, range.High))
            .DefaultIfEmpty(Default(name, dimensions))
            .First();
        float[] values = new float[dimensions.Aggregate(1, static (product, dimension) => product * dimension)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(low + ((high - low) * random.NextDouble()));
        }

        return values;
    }

    // A matrix makes a vector a little smaller, so that rounding does not grow from layer to layer. Logits are small enough that rounding of 16-bit numbers changes them by less than a thousandth.
    private static (double Low, double High) Default(string name, int[] dimensions)
    {
        double limit = name.StartsWith("token_embd", StringComparison.Ordinal) || name.StartsWith("output", StringComparison.Ordinal)
            ? 0.15
            : dimensions.Length == 1 ? 0.5 : 1.4 / Math.Sqrt(dimensions[0]);
        return (-limit, limit);
    }
}
