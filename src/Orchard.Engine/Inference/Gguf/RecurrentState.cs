namespace Orchard.Engine.Inference.Gguf;

/// <summary>The recurrent state that a model keeps of each sequence, as far as the metadata of its file tells.</summary>
/// <remarks>The library has the same formulas. For an architecture that it does not know, the result is 0.</remarks>
internal static class RecurrentState
{
    private const int DefaultTokenShifts = 2;
    private const int DefaultKernel = 4;

    /// <summary>Returns the bytes of the state of one sequence; 0 if there is none.</summary>
    public static long CountBytes(GgufMetadata metadata)
    {
        if (metadata.Architecture == "deepseek4")
        {
            return CompressorState.CountBytes(metadata);
        }

        long numbers = checked(CountConvolution(metadata) + CountMemory(metadata));
        return Math.Max(0, checked(CountLayers(metadata) * numbers * sizeof(float)));
    }

    /// <summary>Returns how many layers have a KV cache: all of them, or one of several.</summary>
    public static long CountAttentionLayers(GgufMetadata metadata, long layers) =>
        Find(metadata, "full_attention_interval") is > 0 and var interval ? layers / interval : layers;

    private static long CountLayers(GgufMetadata metadata)
    {
        long layers = Find(metadata, "block_count");
        if (metadata.GetForArchitecture("full_attention_interval") is not null)
        {
            return layers - CountAttentionLayers(metadata, layers);
        }

        // Layers with a recurrent state have no KV heads, unless all layers have both.
        if (metadata.GetForArchitecture("attention.head_count_kv") is not { Count: > 1 } heads)
        {
            return layers;
        }

        // Where feed-forward networks are layers of their own, these have no KV heads either.
        return metadata.GetForArchitecture("feed_forward_length") is { Zeros: > 0 } widths
            ? Math.Max(0, heads.Zeros - (widths.Count - widths.Zeros))
            : heads.Zeros;
    }

    // The last inputs of the convolutions, or of the layer.
    private static long CountConvolution(GgufMetadata metadata)
    {
        long width = Find(metadata, "embedding_length");
        if (Find(metadata, "wkv.head_size") > 0)
        {
            return checked(width * (metadata.GetForArchitecture("token_shift_count")?.Sum ?? DefaultTokenShifts));
        }

        if (Find(metadata, "shortconv.l_cache") is > 0 and var taps)
        {
            return checked(width * (taps - 1));
        }

        long kernel = Find(metadata, "ssm.conv_kernel");
        if (Find(metadata, "kda.head_dim") is > 0 and var keySize)
        {
            return checked(3 * ((kernel > 0 ? kernel : DefaultKernel) - 1) * Heads(metadata) * keySize);
        }

        long projected = checked(2 * Find(metadata, "ssm.group_count") * Find(metadata, "ssm.state_size"));
        long convolved = checked(Find(metadata, "ssm.inner_size") + projected);
        return kernel > 0 ? checked((kernel - 1) * convolved) : 0;
    }

    // What is remembered of all tokens.
    private static long CountMemory(GgufMetadata metadata)
    {
        if (Find(metadata, "wkv.head_size") is > 0 and var headSize)
        {
            return checked(Find(metadata, "embedding_length") * headSize);
        }

        if (Find(metadata, "kda.head_dim") is > 0 and var keySize)
        {
            return checked(keySize * keySize * Heads(metadata));
        }

        if (Find(metadata, "ssm.inner_size") is > 0 and var inner)
        {
            return checked(inner * Find(metadata, "ssm.state_size"));
        }

        // Linear attention keeps a square matrix per head.
        return Find(metadata, "full_attention_interval") > 0 && Find(metadata, "attention.key_length") is > 0 and var size
            ? checked(size * size * Heads(metadata))
            : 0;
    }

    private static long Heads(GgufMetadata metadata) =>
        metadata.GetForArchitecture("attention.head_count") is { Count: > 0 } heads ? heads.Sum / heads.Count : 0;

    private static long Find(GgufMetadata metadata, string name) => metadata.GetForArchitecture(name)?.Sum ?? 0;
}
