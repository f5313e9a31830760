using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_context_params</c>, 160 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaContextParams
{
    /// <summary>Maximum number of tokens over all sequences.</summary>
    public uint ContextLength;

    /// <summary>Maximum number of tokens per decode call.</summary>
    public uint BatchSize;

    /// <summary>Maximum number of tokens per forward pass. Larger batches are split.</summary>
    public uint MicroBatchSize;

    public uint MaxSequences;
    public uint RecurrentSnapshots;
    public uint MaxOutputs;
    public uint MaxOutputsPerSequence;
    public int Threads;
    public int BatchThreads;
    public int ContextType;
    public int RopeScalingType;
    public int PoolingType;
    public int AttentionType;
    public int FlashAttentionType;
    public float RopeFrequencyBase;
    public float RopeFrequencyScale;
    public float YarnExtensionFactor;
    public float YarnAttentionFactor;
    public float YarnBetaFast;
    public float YarnBetaSlow;
    public uint YarnOriginalContext;
    public float DefragmentationThreshold;
    public nint EvaluationCallback;
    public nint EvaluationCallbackUserData;
    public int KeyType;
    public int ValueType;
    public nint AbortCallback;
    public nint AbortCallbackData;
    public byte Embeddings;
    public byte OffloadKqv;
    public byte NoPerformanceCounters;
    public byte OffloadOperations;
    public byte FullSlidingWindowCache;

    /// <summary>1: all sequences share one KV cache; 0: each has a separate one.</summary>
    public byte UnifiedKeyValueCache;

    public nint Samplers;
    public nuint SamplerCount;
    public nint OtherContext;
}
