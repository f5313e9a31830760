namespace Orchard.Engine.Inference.Llama;

/// <summary>Sizes of a decoder's KV cache and batches, and its threads.</summary>
internal sealed record DecoderOptions
{
    /// <summary>
    /// Maximum number of tokens per sequence and batch that need logits: one token and its drafts. With a large vocabulary, the logits of a
    /// token take half a megabyte.
    /// </summary>
    public const int MaxOutputsPerSequence = 16;

    internal const int DefaultSequenceCapacity = 32;
    internal const int DefaultBatchCapacity = 512;
    internal const long DefaultCheckpointBytes = 64 << 20;
    private const int DefaultContext = 8192;

    /// <summary>Number of sequences decoded together (default: 32).</summary>
    public int SequenceCapacity { get; init; } = DefaultSequenceCapacity;

    /// <summary>Maximum number of tokens per sequence (default: 8,192).</summary>
    public int ContextLength { get; init; } = DefaultContext;

    /// <summary>What limits <see cref="ContextLength"/>.</summary>
    public ContextLimit ContextLimit { get; init; }

    /// <summary>
    /// Maximum number of tokens over all sequences, at least <see cref="ContextLength"/>; null for what all sequences can hold (default:
    /// null).
    /// </summary>
    public long? TokenCapacity { get; init; }

    /// <summary>
    /// Number of tokens per sequence for which memory is allocated at first; null for <see cref="ContextLength"/> (default: null).
    /// </summary>
    public int? InitialContextLength { get; init; }

    /// <summary>Maximum number of tokens per batch, over all sequences (default: 512).</summary>
    public int BatchCapacity { get; init; } = DefaultBatchCapacity;

    /// <summary>Number of compute threads (default: 1).</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Maximum number of threads to try when tuning. With 1 or less, <see cref="Threads"/> is used without tuning (default: 1).
    /// </summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>
    /// Whether fewer threads compute while other programs use the processors (default: false); see <see cref="ThreadThrottle"/>.
    /// </summary>
    public bool AdaptsThreads { get; init; }

    /// <summary>
    /// Whether threads are bound to one processor each if there are as many threads as processors (default: false). This includes the
    /// decoding thread, until <see cref="IDecoder.UnbindThread"/>.
    /// </summary>
    /// <remarks>
    /// Occasionally the system wakes a thread on a busy processor, and takes milliseconds to move it to a free one. Meanwhile, the threads
    /// wait for each other.
    /// </remarks>
    public bool BindsThreads { get; init; }

    /// <summary>
    /// Whether flash attention may be used, which needs no memory for the attention scores of a whole batch (default: true). On CPUs it is
    /// slower for all but the largest batches; see NATIVE.md.
    /// </summary>
    public bool FlashAttention { get; init; } = true;

    /// <summary>
    /// Whether all sequences share one KV cache, over whose cells each of them attends, instead of having separate ones (default: false).
    /// Slower in all measurements; see NATIVE.md.
    /// </summary>
    public bool UnifiedKeyValueCache { get; init; }

    /// <summary>
    /// Maximum number of bytes for the attention scores of a batch without flash attention; longer contexts get smaller batches (default:
    /// null, no limit).
    /// </summary>
    public long? ScoreBytes { get; init; }

    /// <summary>
    /// Whether a batch is computed in one piece even if the scores then take more than <see cref="ScoreBytes"/> (default: false), because
    /// the tokens of an image attend to each other.
    /// </summary>
    public bool KeepsBatchTogether { get; init; }

    /// <summary>Whether the KV cache takes memory only when tokens are stored in it (default: false).</summary>
    public bool ReservesMemory { get; init; }

    /// <summary>
    /// Maximum memory for copies of recurrent states, in bytes (default: 64 MiB). Models without a recurrent state need none.
    /// </summary>
    public long CheckpointBytes { get; init; } = DefaultCheckpointBytes;

    /// <summary>Type of the keys in the KV cache (default: f16).</summary>
    public CacheType KeyType { get; init; } = CacheType.F16;

    /// <summary>Type of the values in the KV cache (default: f16). Other types need flash attention.</summary>
    public CacheType ValueType { get; init; } = CacheType.F16;

    /// <summary>How positions are encoded (default: as the model file says).</summary>
    public RopeSettings Rope { get; init; }

    /// <summary>Whether speculative decoding is used for a greedy sequence that decodes alone (default: true).</summary>
    public bool Speculates { get; init; } = true;

    /// <summary>Names of the GPUs with layers; empty if there are none.</summary>
    public string Devices { get; init; } = "";

    /// <summary>Maximum number of tokens per batch that need logits.</summary>
    public int OutputCapacity => Math.Min(Math.Max(SequenceCapacity, MaxOutputsPerSequence), BatchCapacity);
}
