namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// How a model spreads what it remembers of its tokens over its layers. Hybrid models have a KV cache in some layers and a recurrent state
/// in others, and the number of KV heads may differ between layers.
/// </summary>
internal sealed class LayerMemory
{
    private readonly double[] _cache;
    private readonly double[] _state;

    private LayerMemory(double[] cache, double[] state) => (_cache, _state) = (cache, state);

    /// <summary>Each layer has the same.</summary>
    public static LayerMemory Even { get; } = new([], []);

    /// <summary>Returns what the metadata of a file says.</summary>
    public static LayerMemory Of(GgufMetadata metadata)
    {
        IReadOnlyList<long>? heads = metadata.GetListForArchitecture("attention.head_count_kv");
        long interval = metadata.GetForArchitecture("full_attention_interval")?.Sum ?? 0;
        if (interval > 0 && metadata.GetForArchitecture("block_count")?.Sum is > 0 and <= GgufMetadata.MostLayers and var layers)
        {
            // The last of so many layers attends to all tokens.
            double[] attends = [.. Enumerable.Range(1, (int)layers).Select(number => number % interval == 0 ? 1.0 : 0)];
            return new LayerMemory(ToShares(attends), ToShares([.. attends.Select(static layer => 1 - layer)]));
        }

        if (heads is null)
        {
            return Even;
        }

        // Where feed-forward networks are layers of their own, these have no KV heads and no state.
        IReadOnlyList<long>? widths = metadata.GetListForArchitecture("feed_forward_length");
        bool areApart = widths is not null && widths.Count == heads.Count && widths.Contains(0);
        double[] state = [.. heads.Select((count, layer) => count == 0 && !(areApart && widths![layer] != 0) ? 1.0 : 0)];
        return new LayerMemory(ToShares([.. heads.Select(static count => (double)Math.Max(count, 0))]), ToShares(state));
    }

    /// <summary>Returns the share of a layer in the KV cache.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="layers">Number of layers.</param>
    public double CacheShare(int layer, int layers) => Share(_cache, layer, layers);

    /// <summary>Returns the share of a layer in the recurrent state of a sequence.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="layers">Number of layers.</param>
    public double StateShare(int layer, int layers) => Share(_state, layer, layers);

    private static double Share(double[] shares, int layer, int layers) => layer < shares.Length ? shares[layer] : 1.0 / layers;

    // Empty if there is nothing to share.
    private static double[] ToShares(double[] weights)
    {
        double sum = weights.Sum();
        return sum > 0 ? [.. weights.Select(weight => weight / sum)] : [];
    }
}
