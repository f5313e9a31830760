using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;

namespace Orchard.Engine.Inference.Llama;

/// <summary>Sizes a decoder: its context, sequences and threads, and the memory for them.</summary>
/// <param name="model">The model.</param>
/// <param name="settings">What is required.</param>
/// <param name="machine">The machine.</param>
internal sealed class DecoderPlan(GgufHeader model, ModelSettings settings, Machine machine)
{
    /// <summary>A shorter context is not useful.</summary>
    public const int LeastContext = 512;

    /// <summary>A context that is long enough for most conversations.</summary>
    public const int EnoughContext = 4096;

    private const int UnknownContext = 8192;
    private const int InitialContext = 256;
    private const int LeastMicroBatch = 32;
    private const int MaxDefaultThreads = 8;
    private const long BufferBytes = 32L << 20;

    // Intermediate results of a layer are as large as so many embeddings of all tokens in a batch.
    private const long ActivationsPerToken = 24;

    // In models with smaller files, threads wait for each other longer than they compute.
    private const long SmallModelBytes = 64L << 20;

    // Without flash attention, the attention scores of a batch may take up to 1/32 of the memory.
    private const int MemoryPerScores = 32;

    // Copies of recurrent states may take 1/32 of the memory, but there are at least two and not more than are useful.
    private const int MemoryPerCheckpoints = 32;
    private const int FewestCheckpoints = 2;
    private const int MostCheckpoints = 64;

    // Short prefixes that are kept may take 1/8 of the memory of the weights: with a large model, they save seconds.
    private const int WeightsPerShortPrefixes = 8;
    private const int FewestShortPrefixes = 2;

    private readonly CacheType _keys = settings.KeyType ?? CacheType.F16;
    private readonly CacheType _values = settings.ValueType ?? CacheType.F16;

    /// <summary>Maximum context length by the model and the settings, in tokens.</summary>
    public int LongestContext => settings.ContextLength is { } required
        ? settings.Rope.IsSet && !model.HasLearnedPositions ? required : Math.Min(required, TrainedContext)
        : TrainedContext;

    /// <summary>Number of sequences that are computed at the same time.</summary>
    public int Sequences => settings.Sequences ?? DecoderOptions.DefaultSequenceCapacity;

    /// <summary>Bytes of the weights and of the buffers that do not depend on the number of tokens.</summary>
    public long FixedBytes => model.TotalBytes + ComputeBytes;

    /// <summary>Bytes of the buffers of the forward pass.</summary>
    public long ComputeBytes => BufferBytes + (FlashAttention ? 0 : Math.Min(ScoreBytes, AllScoreBytes));

    /// <summary>Bytes of the recurrent states of a number of sequences; 0 if the model has none.</summary>
    public long StateBytes(int sequences) =>
        model.StateBytes <= long.MaxValue / 4 / sequences ? model.StateBytes * sequences : long.MaxValue / 4;

    /// <summary>Bytes of the copies of recurrent states that are useful; 0 if the model has none.</summary>
    public long CheckpointBytes => Math.Min(
        StateBytes(MostCheckpoints), Math.Max(StateBytes(FewestCheckpoints), machine.MemoryBytes / MemoryPerCheckpoints));

    /// <summary>Bytes of the KV cache for a number of tokens.</summary>
    public long CacheBytes(long tokens)
    {
        long perToken = model.BytesPerToken(_keys, _values);
        return perToken == 0 || tokens <= (long.MaxValue / 4) / perToken ? perToken * tokens : long.MaxValue / 4;
    }

    /// <summary>How many short prefixes may be kept, of <paramref name="sequences"/> at most.</summary>
    public int ShortPrefixes(int sequences)
    {
        long count = model.TotalBytes / WeightsPerShortPrefixes / Math.Max(CacheBytes(InitialContext), 1);
        return (int)Math.Clamp(count, Math.Min(FewestShortPrefixes, sequences), sequences);
    }

    /// <summary>Share of the keys in the bytes of the KV cache, or of the values if it is greater.</summary>
    public double LargerCacheHalf => model.BytesPerToken(_keys, _values) is > 0 and var both
        ? (double)Math.Max(_keys.BytesOf(model.KeysPerToken), _values.BytesOf(model.ValuesPerToken)) / both
        : 1;

    /// <summary>Returns the sizes for a number of bytes that the KV cache and the recurrent states may take.</summary>
    public DecoderOptions Within(long cacheBytes)
    {
        // At most half of it for the states of the sequences, and a quarter for copies.
        int statefulSequences = model.StateBytes == 0 ? Sequences : (int)Math.Clamp(cacheBytes / 2 / model.StateBytes, 1, Sequences);
        long checkpointBytes = Math.Max(0, Math.Min(CheckpointBytes, cacheBytes / 4));
        cacheBytes = Math.Max(0, cacheBytes - StateBytes(statefulSequences) - checkpointBytes);
        int longest = LongestContext;
        long perToken = model.BytesPerToken(_keys, _values);
        long tokens = perToken == 0 ? (long)statefulSequences * longest : cacheBytes / perToken;
        int context = (int)Math.Clamp(tokens, Math.Min(longest, LeastContext), longest);
        int sequences = machine.ReservesCache ? statefulSequences : (int)Math.Clamp(tokens / context, 1, statefulSequences);
        int batch = Math.Max(settings.BatchTokens ?? DecoderOptions.DefaultBatchCapacity, sequences);
        int maxThreads = Math.Clamp(machine.ProcessorCount, 1, MaxDefaultThreads);
        return new DecoderOptions
        {
            SequenceCapacity = sequences,
            ContextLength = context,
            ContextLimit = context < longest ? ContextLimit.Memory
                : settings.ContextLength <= longest ? ContextLimit.Option
                : ContextLimit.Model,
            TokenCapacity = Math.Max(context, Math.Min(tokens, (long)sequences * context)),
            InitialContextLength = CanGrow(context) ? InitialContext : null,
            BatchCapacity = batch,
            Threads = settings.Threads ?? (model.TotalBytes < SmallModelBytes ? 1 : maxThreads),
            MaxThreads = settings.Threads is null ? maxThreads : 1,
            AdaptsThreads = settings.Threads is null && maxThreads > 1 && !machine.HasGpu, // with a GPU, the threads hardly compute
            BindsThreads = !machine.HasGpu,
            FlashAttention = FlashAttention,
            ScoreBytes = ScoreBytes,
            ReservesMemory = machine.ReservesCache,
            CheckpointBytes = model.StateBytes == 0 ? DecoderOptions.DefaultCheckpointBytes : checkpointBytes,
            KeyType = _keys,
            ValueType = _values,
            Rope = settings.Rope,
        };
    }

    /// <summary>Bytes of the buffers for computing on a GPU, as far as they are known before the model is loaded.</summary>
    public long DeviceComputeBytes
    {
        get
        {
            long batch = settings.BatchTokens ?? DecoderOptions.DefaultBatchCapacity;
            long activations = ActivationsPerToken * batch * sizeof(float) * Math.Max(model.EmbeddingLength, 1);
            long mask = batch * sizeof(short) * LongestContext;
            long logits = (long)sizeof(float) * model.VocabularySize * Math.Max(Sequences, DecoderOptions.MaxOutputsPerSequence);
            return ComputeBytes + activations + mask + logits;
        }
    }

    /// <summary>Returns what has to be decided about GPUs.</summary>
    /// <param name="memoryBytes">Bytes that the model may take.</param>
    public DeviceRequest Request(long memoryBytes) => new()
    {
        Layers = settings.GpuLayers,
        LongestContext = LongestContext,
        IsContextRequired = settings.ContextLength is not null,
        Sequences = Sequences,
        HasExperts = model.Sizes.HasExperts,
        MemoryBytes = memoryBytes,
        FixedBytes = FixedBytes,
        CacheBytesPerToken = CacheBytes(1),
    };

    /// <summary>Returns the sizes for a model on GPUs.</summary>
    public DecoderOptions On(DevicePlan devices) => Within(long.MaxValue / 4) with
    {
        Devices = string.Join(',', devices.Shares.Select(static share => share.Name)),
        SequenceCapacity = devices.Sequences,
        ContextLength = devices.ContextLength,
        ContextLimit = devices.ContextLength < LongestContext ? ContextLimit.Memory
            : settings.ContextLength <= LongestContext ? ContextLimit.Option
            : ContextLimit.Model,
        TokenCapacity = (long)devices.Sequences * devices.ContextLength,
        BatchCapacity = Math.Max(settings.BatchTokens ?? DecoderOptions.DefaultBatchCapacity, devices.Sequences),
    };

    /// <summary>Returns the sizes for a model on this machine, if it may take a quarter of the memory.</summary>
    public static DecoderOptions ForThisMachine(GgufHeader model)
    {
        var machine = Machine.Current();
        DecoderOptions options = new DecoderPlan(model, ModelSettings.Default, machine).Within(machine.MemoryBytes / 4);
        return DecoderOverrides.Read(Environment.GetEnvironmentVariable).Apply(options);
    }

    private int TrainedContext => model.ContextLength > 0 ? model.ContextLength : UnknownContext;

    private long ScoreBytes => machine.MemoryBytes / MemoryPerScores;

    // Flash attention is slower on CPUs, but without it, a long context leaves room for tiny batches only.
    private bool FlashAttention => settings.FlashAttention ?? (machine.HasGpu || _values != CacheType.F16 || NeedsTinyBatches);

    private bool NeedsTinyBatches => model.AttentionHeads == 0 || ScoresOf(LeastMicroBatch) > ScoreBytes;

    private long AllScoreBytes => ScoresOf(settings.BatchTokens ?? DecoderOptions.DefaultBatchCapacity);

    private long ScoresOf(int batch)
    {
        long perHead = (long)sizeof(float) * batch * LongestContext;
        return model.AttentionHeads <= long.MaxValue / perHead ? model.AttentionHeads * perHead : long.MaxValue;
    }

    // For models with RoPE scaling, the library computes positions differently if the context is longer than the original one.
    private bool CanGrow(int context) =>
        !machine.HasGpu && !settings.Rope.IsSet && (model.OriginalContextLength == 0 || context <= model.OriginalContextLength);
}
