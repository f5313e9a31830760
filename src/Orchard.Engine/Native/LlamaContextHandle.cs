using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>
/// A native context: a KV cache and the forward pass. Keeps its model alive, so the order of disposal does not matter. Not thread-safe.
/// </summary>
internal sealed unsafe class LlamaContextHandle : LlamaHandle
{
    private const int FlashAttentionOff = 0;
    private const int FlashAttentionOn = 1;
    private const int HalfPrecision = 1; // GGML_TYPE_F16

    private readonly LlamaModelHandle? _model;
    private readonly nint _memory;
    private readonly int _vocabularySize;
    private readonly bool _isRecurrent;
    private readonly int _slidingWindow;

    // By number of threads. When the library gets another pool, it accesses the previous one, so all pools live as long as the context.
    private readonly Dictionary<int, LlamaThreadPool> _pools = [];

    private LlamaContextHandle(nint handle, LlamaModelHandle model)
        : base(handle)
    {
        if (handle != 0)
        {
            _model = model; // referenced before the native call
            _memory = LlamaApi.llama_get_memory(this);
            _vocabularySize = model.VocabularySize;
            _isRecurrent = model.IsRecurrent;
            _slidingWindow = model.SlidingWindow;
        }
    }

    /// <summary>Maximum number of sequences that the library was built for.</summary>
    public static int MaxSequences
    {
        get
        {
            _ = LlamaLibrary.Load();
            return (int)LlamaApi.llama_max_parallel_sequences();
        }
    }

    /// <summary>Maximum number of tokens per sequence, as rounded by the library.</summary>
    public int SequenceContextLength => (int)LlamaApi.llama_n_ctx_seq(this);

    public int SequenceCapacity => (int)LlamaApi.llama_n_seq_max(this);

    public int BatchCapacity => (int)LlamaApi.llama_n_batch(this);

    /// <summary>Allocates the KV cache and the compute buffers. The result is invalid if there is not enough memory.</summary>
    /// <param name="model">The model to decode with.</param>
    /// <param name="settings">Sizes and threads.</param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    public static LlamaContextHandle Create(LlamaModelHandle model, LlamaContextSettings settings, out string problem)
    {
        LlamaContextParams parameters = LlamaApi.llama_context_default_params();
        parameters.MaxSequences = (uint)settings.Sequences;
        parameters.ContextLength = checked((uint)settings.Sequences * (uint)settings.SequenceLength);
        parameters.BatchSize = (uint)settings.BatchTokens;
        parameters.MicroBatchSize = (uint)(settings.MicroBatchTokens ?? settings.BatchTokens);
        parameters.MaxOutputs = (uint)settings.Outputs; // the default reserves logits for all tokens: 300 MB with a large vocabulary
        parameters.MaxOutputsPerSequence = (uint)settings.OutputsPerSequence;
        parameters.Threads = settings.Threads;
        parameters.BatchThreads = settings.Threads;
        parameters.KeyType = settings.KeyType ?? parameters.KeyType;
        parameters.ValueType = settings.ValueType ?? parameters.ValueType;
        parameters.FlashAttentionType = !settings.FlashAttention ? FlashAttentionOff
            : settings.ValueType is { } type && type != HalfPrecision ? FlashAttentionOn // the library requires it
            : parameters.FlashAttentionType;
        parameters.UnifiedKeyValueCache = settings.UnifiedCache ? (byte)1 : (byte)0;
        parameters.RopeScalingType = settings.RopeScaling ?? parameters.RopeScalingType;
        parameters.RopeFrequencyBase = settings.RopeFrequencyBase ?? parameters.RopeFrequencyBase;
        parameters.RopeFrequencyScale = settings.RopeFrequencyScale ?? parameters.RopeFrequencyScale;
        parameters.YarnOriginalContext = (uint?)settings.RopeOriginalContext ?? parameters.YarnOriginalContext;
        string log = "";
        LlamaContextHandle context = settings.ReservesMemory
            ? ReservedMemory.During(() => Create(model, parameters, out log))
            : Create(model, parameters, out log);
        problem = log;
        return context;
    }

    /// <summary>Creates a context for embeddings. A text must not be split between decode calls.</summary>
    /// <param name="model">The model to decode with.</param>
    /// <param name="sequences">Maximum number of texts per decode call.</param>
    /// <param name="batchTokens">Maximum number of tokens per decode call.</param>
    /// <param name="threads">Number of compute threads.</param>
    /// <param name="pooling">Pooling type of the library; -1 for the model's pooling.</param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    public static LlamaContextHandle CreateForEmbedding(
        LlamaModelHandle model, int sequences, int batchTokens, int threads, int pooling, out string problem)
    {
        LlamaContextParams parameters = LlamaApi.llama_context_default_params();
        parameters.MaxSequences = (uint)sequences;
        parameters.ContextLength = (uint)batchTokens;
        parameters.BatchSize = (uint)batchTokens;
        parameters.MicroBatchSize = (uint)batchTokens; // encoders attend over a whole text, and the library aborts if it is split
        parameters.MaxOutputs = (uint)batchTokens;
        parameters.Threads = threads;
        parameters.BatchThreads = threads;
        parameters.UnifiedKeyValueCache = 1; // texts of any length share the cells of one batch
        parameters.Embeddings = 1;
        parameters.PoolingType = pooling;
        LlamaContextHandle context = Create(model, parameters, out problem);
        if (!context.IsInvalid)
        {
            context.SetThreads(threads, threads);
        }

        return context;
    }

    private static LlamaContextHandle Create(LlamaModelHandle model, in LlamaContextParams parameters, out string problem)
    {
        bool referenced = false;
        LlamaContextHandle? context = null;
        try
        {
            using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
            model.DangerousAddRef(ref referenced);
            context = new LlamaContextHandle(LlamaApi.llama_init_from_model(model, parameters), model);
            problem = log.Text;
            return context;
        }
        finally
        {
            if (referenced && context is not { IsInvalid: false })
            {
                model.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Sets the numbers of compute threads from the next decode on. The threads are kept between decodes; without thread pools, the library
    /// starts and joins threads in each decode.
    /// </summary>
    /// <param name="threads">Number of threads for one token.</param>
    /// <param name="batchThreads">Number of threads for several tokens.</param>
    /// <param name="binds">
    /// Whether the threads are bound to one processor each if there are as many of them as processors. The calling thread must bind itself.
    /// </param>
    public void SetThreads(int threads, int batchThreads, bool binds = false)
    {
        LlamaApi.llama_set_n_threads(this, threads, batchThreads);
        LlamaApi.llama_attach_threadpool(this, PoolOf(threads, binds), PoolOf(batchThreads, binds));
    }

    /// <summary>Runs the forward pass. Returns the status of the library, 0 for success.</summary>
    public int Decode(ILlamaBatch batch)
    {
        int status = LlamaApi.llama_decode(this, batch.Native);
        GC.KeepAlive(batch);
        return status;
    }

    /// <summary>Sets whether the tokens of subsequent decodes attend only to those before them (default: true).</summary>
    public void SetCausal(bool isCausal) => LlamaApi.llama_set_causal_attn(this, isCausal);

    /// <summary>
    /// Returns the logits of a token of the last batch, or an empty span if it did not request them. Valid until the next decode.
    /// </summary>
    public Span<float> GetLogits(int batchIndex)
    {
        float* logits = LlamaApi.llama_get_logits_ith(this, batchIndex);
        return logits == null ? [] : new Span<float>(logits, _vocabularySize);
    }

    /// <summary>Returns the pooled embedding of a sequence of the last batch, or an empty span. Valid until the next decode.</summary>
    public ReadOnlySpan<float> GetEmbedding(int sequence, int length)
    {
        float* embedding = LlamaApi.llama_get_embeddings_seq(this, sequence);
        return embedding == null ? [] : new ReadOnlySpan<float>(embedding, length);
    }

    /// <summary>Sets the LoRA adapters of subsequent decodes. Returns the status of the library, 0 for success.</summary>
    public int UseAdapters(ReadOnlySpan<nint> adapters, ReadOnlySpan<float> scales)
    {
        fixed (nint* first = adapters)
        fixed (float* firstScale = scales)
        {
            return LlamaApi.llama_set_adapters_lora(this, first, (nuint)adapters.Length, firstScale);
        }
    }

    /// <summary>Whether it keeps decoded tokens, which generating requires. Encoders have no memory.</summary>
    public bool HasMemory => _memory != 0;

    /// <summary>Pooling type of the library.</summary>
    public int PoolingType => LlamaApi.llama_pooling_type(this);

    /// <summary>Removes all sequences, and writes zeros to their memory. A cache that only reserves memory gives it back instead.</summary>
    public void Clear()
    {
        using Borrowed borrowed = Borrow();
        if (HasMemory)
        {
            LlamaApi.llama_memory_clear(_memory, data: true);
        }
    }

    /// <summary>Removes all tokens of a sequence. Never fails.</summary>
    public void RemoveSequence(int sequence)
    {
        using Borrowed borrowed = Borrow();
        if (HasMemory)
        {
            _ = LlamaApi.llama_memory_seq_rm(_memory, sequence, -1, -1);
        }
    }

    /// <summary>
    /// Removes the tokens of a sequence from a position on. Returns false if the sequence then does not have what the next token needs of
    /// the positions before, in which case its content is undefined: a recurrent state cannot be rewound, and some models keep only a
    /// window of the last tokens.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="next">The position.</param>
    /// <param name="last">Position of the last token before.</param>
    public bool TrimSequence(int sequence, int next, int last)
    {
        using Borrowed borrowed = Borrow();
        return LlamaApi.llama_memory_seq_rm(_memory, sequence, next, -1)
            && LlamaApi.llama_memory_seq_pos_max(_memory, sequence) == last
            && (_isRecurrent || LlamaApi.llama_memory_seq_pos_min(_memory, sequence) <= FirstAttended(next));
    }

    /// <summary>Copies a sequence to another one. Returns false if the library cannot; the destination is undefined then.</summary>
    /// <remarks>
    /// Between separate KV caches, the library can only copy whole sequences, with all the room that they have. A model with a recurrent
    /// state has the room of a whole context from the start, so only what the sequence holds is copied.
    /// </remarks>
    public bool TryCopySequence(int source, int destination)
    {
        using Borrowed borrowed = Borrow();
        if (_isRecurrent)
        {
            using LlamaSequenceState? state = LlamaSequenceState.Save(this, source, isPartial: false);
            return state?.TryRestore(this, destination) ?? false;
        }

        _ = LlamaApi.llama_memory_seq_rm(_memory, destination, -1, -1);
        LlamaApi.llama_memory_seq_cp(_memory, source, destination, -1, -1);
        return true;
    }

    /// <summary>Copies the part of a sequence that cannot be trimmed. Returns null if the library cannot.</summary>
    public LlamaSequenceState? SaveUntrimmable(int sequence) => LlamaSequenceState.Save(this, sequence, isPartial: true);

    /// <summary>
    /// Copies a whole sequence, as far as later tokens attend to it. Returns null if the library cannot, or if it is larger than allowed.
    /// </summary>
    public LlamaSequenceState? Save(int sequence, long mostBytes) =>
        HasMemory ? LlamaSequenceState.Save(this, sequence, isPartial: false, mostBytes) : null;

    /// <summary>
    /// Replaces a sequence by the copy of a whole one. Returns false if the library cannot; its content is undefined then.
    /// </summary>
    public bool TryRestore(int sequence, NativeBuffer state) =>
        HasMemory && LlamaSequenceState.TryRestoreWhole(state, this, sequence);

    /// <summary>Copies all sequences to a context with at least as many. Returns false if the library cannot.</summary>
    public bool TryCopyTo(LlamaContextHandle other)
    {
        using Borrowed borrowed = Borrow();
        int sequences = HasMemory ? SequenceCapacity : 0;
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            if (LlamaApi.llama_memory_seq_pos_max(_memory, sequence) >= 0 && !TryCopyTo(other, sequence))
            {
                return false;
            }
        }

        return true;
    }

    protected override void Free(nint native)
    {
        LlamaApi.llama_free(native);
        foreach (LlamaThreadPool pool in _pools.Values)
        {
            pool.Dispose();
        }

        _model?.DangerousRelease();
    }

    private bool TryCopyTo(LlamaContextHandle other, int sequence)
    {
        using LlamaSequenceState? state = LlamaSequenceState.Save(this, sequence, isPartial: false);
        return state?.TryRestore(other, sequence) ?? false;
    }

    // The first position that a token at a position attends to, in layers with a sliding window if there are any.
    private int FirstAttended(int position) => _slidingWindow == 0 ? 0 : Math.Max(0, position - _slidingWindow + 1);

    // The calling thread is one of the threads, so a single thread needs no pool.
    private nint PoolOf(int threads, bool binds)
    {
        if (threads == 1)
        {
            return 0;
        }

        if (!_pools.TryGetValue(threads, out LlamaThreadPool? pool))
        {
            pool = LlamaThreadPool.Start(threads, binds ? ProcessorAffinity.For(threads) : []);
            _pools.Add(threads, pool);
        }

        return pool.DangerousGetHandle();
    }
}
