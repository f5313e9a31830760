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
}
