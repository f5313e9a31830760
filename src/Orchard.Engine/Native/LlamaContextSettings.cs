namespace Orchard.Engine.Native;

/// <summary>Settings of a context for generating text.</summary>
internal readonly record struct LlamaContextSettings
{
    /// <summary>Number of sequences that the KV cache has room for.</summary>
    public required int Sequences { get; init; }

    /// <summary>Maximum number of tokens per sequence.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>Maximum number of tokens per decode call.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Maximum number of these tokens that need logits. The library aborts the process if it is exceeded.</summary>
    public required int Outputs { get; init; }

    /// <summary>Maximum number of outputs per sequence.</summary>
    public required int OutputsPerSequence { get; init; }

    /// <summary>Number of compute threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether the library may use flash attention where it considers it best; otherwise it never does.</summary>
    public required bool FlashAttention { get; init; }

    /// <summary>Whether all sequences share one KV cache; otherwise each has a separate one.</summary>
    public required bool UnifiedCache { get; init; }

    /// <summary>Maximum number of tokens per forward pass; null for <see cref="BatchTokens"/>.</summary>
    public int? MicroBatchTokens { get; init; }

    /// <summary>Type of the keys, a <c>ggml_type</c>; null for the library's default, f16.</summary>
    public int? KeyType { get; init; }

    /// <summary>Type of the values, a <c>ggml_type</c>; null for the library's default, f16.</summary>
    public int? ValueType { get; init; }

    /// <summary>RoPE scaling, a <c>llama_rope_scaling_type</c>; null for that of the model.</summary>
    public int? RopeScaling { get; init; }

    /// <summary>RoPE base frequency; null for that of the model.</summary>
    public float? RopeFrequencyBase { get; init; }

    /// <summary>Factor of the RoPE frequencies; null for that of the model.</summary>
    public float? RopeFrequencyScale { get; init; }

    /// <summary>Context length before YaRN scaling; null for that of the model.</summary>
    public int? RopeOriginalContext { get; init; }

    /// <summary>Whether the KV cache takes memory only when tokens are stored in it, where that is supported.</summary>
    public bool ReservesMemory { get; init; }
}
