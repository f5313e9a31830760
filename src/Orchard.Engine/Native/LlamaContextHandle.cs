using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>A KV cache and the forward pass over it. Holds its model, so the order of disposal does not matter. Not thread-safe.</summary>
internal sealed unsafe class LlamaContextHandle : LlamaHandle
{
    private const int FlashAttentionOff = 0;

    private readonly LlamaModelHandle? _model;
    private readonly nint _memory;
    private readonly int _vocabularySize;

    // By how many threads. The library touches the pool it computed with before when it is given another: each is kept as long as it.
    private readonly Dictionary<int, LlamaThreadPool> _pools = [];

    private LlamaContextHandle(nint handle, LlamaModelHandle model)
        : base(handle)
    {
        if (handle != 0)
        {
            _model = model; // its reference was taken before the native call
            _memory = LlamaApi.llama_get_memory(this);
            _vocabularySize = model.VocabularySize;
        }
    }

    /// <summary>What the library was built for.</summary>
    public static int MaxSequences
    {
        get
        {
            _ = LlamaLibrary.Load();
            return (int)LlamaApi.llama_max_parallel_sequences();
        }
    }

    /// <summary>Tokens each sequence may hold. The library rounds what was asked for.</summary>
    public int SequenceContextLength => (int)LlamaApi.llama_n_ctx_seq(this);

    public int SequenceCapacity => (int)LlamaApi.llama_n_seq_max(this);

    public int BatchCapacity => (int)LlamaApi.llama_n_batch(this);

    /// <summary>Allocates the KV cache and the compute buffers. The result may be invalid when memory does not suffice.</summary>
    /// <param name="model">The model to decode with.</param>
    /// <param name="sequences">Sequences that the KV cache has room for.</param>
    /// <param name="contextLength">Tokens of each sequence.</param>
    /// <param name="batchTokens">Most tokens of one decode call.</param>
    /// <param name="outputs">Most of them that want logits. The library aborts when it is given more.</param>
    /// <param name="outputsPerSequence">Most of those of one sequence.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="flashAttention">Whether the library may compute attention block by block, where it thinks best; otherwise it never does.</param>
    /// <param name="unifiedCache">Whether the sequences share one pool of cells; otherwise each has cells of its own.</param>
    /// <param name="problem">What the library said about a failure; may be empty.</param>
    public static LlamaContextHandle Create(
        LlamaModelHandle model,
        int sequences,
        int contextLength,
        int batchTokens,
        int outputs,
        int outputsPerSequence,
        int threads,
        bool flashAttention,
        bool unifiedCache,
        out string problem)
    {
        LlamaContextParams parameters = LlamaApi.llama_context_default_params();
        parameters.MaxSequences = (uint)sequences;
        parameters.ContextLength = checked((uint)sequences * (uint)contextLength);
        parameters.BatchSize = (uint)batchTokens;
        parameters.MicroBatchSize = (uint)batchTokens;
        parameters.MaxOutputs = (uint)outputs; // the default reserves logits for every token of a batch: 300 MB with a large vocabulary
        parameters.MaxOutputsPerSequence = (uint)outputsPerSequence;
        parameters.Threads = threads;
        parameters.BatchThreads = threads;
        parameters.FlashAttentionType = flashAttention ? parameters.FlashAttentionType : FlashAttentionOff;
        parameters.UnifiedKeyValueCache = unifiedCache ? (byte)1 : (byte)0;
        return Create(model, parameters, out problem);
    }

    /// <summary>A context that gives embeddings of whole texts. Each decode call must hold all of a text.</summary>
    /// <param name="model">The model to decode with.</param>
    /// <param name="sequences">Most texts of one decode call.</param>
    /// <param name="batchTokens">Most tokens of one decode call.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="pooling">How the embeddings of tokens become one of a text, by the library's number; -1 for the model's own way.</param>
    /// <param name="problem">What the library said about a failure; may be empty.</param>
    public static LlamaContextHandle CreateForEmbedding(
        LlamaModelHandle model, int sequences, int batchTokens, int threads, int pooling, out string problem)
    {
        LlamaContextParams parameters = LlamaApi.llama_context_default_params();
        parameters.MaxSequences = (uint)sequences;
        parameters.ContextLength = (uint)batchTokens;
        parameters.BatchSize = (uint)batchTokens;
        parameters.MicroBatchSize = (uint)batchTokens; // encoders look at a whole text at once, and the library aborts when it is cut
        parameters.MaxOutputs = (uint)batchTokens;
        parameters.Threads = threads;
        parameters.BatchThreads = threads;
        parameters.UnifiedKeyValueCache = 1; // texts of any length share the room of one batch
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
    /// How many threads compute from the next decode on, for one token and for several. They are kept from one decode to the next. Without,
    /// the library starts and joins threads in every decode.
    /// </summary>
    /// <param name="threads">For one token.</param>
    /// <param name="batchThreads">For several.</param>
    /// <param name="binds">Whether as many threads as there are processors get one each; who decodes binds itself.</param>
    public void SetThreads(int threads, int batchThreads, bool binds = false)
    {
        LlamaApi.llama_set_n_threads(this, threads, batchThreads);
        LlamaApi.llama_attach_threadpool(this, PoolOf(threads, binds), PoolOf(batchThreads, binds));
    }

    /// <summary>Runs the forward pass. Returns the library's status, 0 for success.</summary>
    public int Decode(LlamaBatchBuffer batch)
    {
        int status = LlamaApi.llama_decode(this, batch.Native);
        GC.KeepAlive(batch);
        return status;
    }

    /// <summary>Logits of a token of the last batch, or an empty span when it did not ask for them. Valid until the next decode.</summary>
    public Span<float> GetLogits(int batchIndex)
    {
        float* logits = LlamaApi.llama_get_logits_ith(this, batchIndex);
        return logits == null ? [] : new Span<float>(logits, _vocabularySize);
    }

    /// <summary>The pooled embedding of a sequence of the last batch, or an empty span when there is none. Valid until the next decode.</summary>
    public ReadOnlySpan<float> GetEmbedding(int sequence, int length)
    {
        float* embedding = LlamaApi.llama_get_embeddings_seq(this, sequence);
        return embedding == null ? [] : new ReadOnlySpan<float>(embedding, length);
    }

    /// <summary>Decodes with these adapters of its model from now on, and with no others. Returns the library's status, 0 for success.</summary>
    public int UseAdapters(ReadOnlySpan<nint> adapters, ReadOnlySpan<float> scales)
    {
        fixed (nint* first = adapters)
        fixed (float* firstScale = scales)
        {
            return LlamaApi.llama_set_adapters_lora(this, first, (nuint)adapters.Length, firstScale);
        }
    }

    /// <summary>Whether it keeps what it has decoded, as generating takes. Encoders do not.</summary>
    public bool HasMemory => _memory != 0;

    /// <summary>How it pools, by the library's number.</summary>
    public int PoolingType => LlamaApi.llama_pooling_type(this);

    /// <summary>Forgets a whole sequence, which never fails.</summary>
    public void RemoveSequence(int sequence)
    {
        using Borrowed borrowed = Borrow();
        if (HasMemory)
        {
            _ = LlamaApi.llama_memory_seq_rm(_memory, sequence, -1, -1);
        }
    }

    /// <summary>
    /// Forgets a sequence from position <paramref name="length"/> on. Returns false, whatever the sequence then holds, when it does not
    /// hold exactly the positions before: recurrent models keep a state that cannot go back, and some keep a window of the last tokens only.
    /// </summary>
    public bool TrimSequence(int sequence, int length)
    {
        using Borrowed borrowed = Borrow();
        return LlamaApi.llama_memory_seq_rm(_memory, sequence, length, -1)
            && LlamaApi.llama_memory_seq_pos_min(_memory, sequence) == 0
            && LlamaApi.llama_memory_seq_pos_max(_memory, sequence) == length - 1;
    }

    /// <summary>Makes a sequence the copy of another, whole: between caches of their own the library copies nothing less.</summary>
    public void CopySequence(int source, int destination)
    {
        using Borrowed borrowed = Borrow();
        _ = LlamaApi.llama_memory_seq_rm(_memory, destination, -1, -1);
        LlamaApi.llama_memory_seq_cp(_memory, source, destination, -1, -1);
    }

    /// <summary>Gives another context, which has room for as many sequences, a copy of what all of them hold. False when the library cannot.</summary>
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
        nuint size = LlamaApi.llama_state_seq_get_size(this, sequence);
        byte* state = (byte*)NativeMemory.Alloc(size);
        try
        {
            return LlamaApi.llama_state_seq_get_data(this, state, size, sequence) == size
                && LlamaApi.llama_state_seq_set_data(other, state, size, sequence) == size;
        }
        finally
        {
            NativeMemory.Free(state);
        }
    }

    // One thread is the caller's, and needs no pool.
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
