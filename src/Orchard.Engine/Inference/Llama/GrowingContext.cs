using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>A native context that is replaced by a larger one when sequences need more room. Not thread-safe.</summary>
/// <remarks>
/// The library allocates and clears the whole KV cache when it creates a context. That dominates the load time of a small model, and a
/// larger cache makes decodes slower. So the cache starts small. A larger one is allocated in the background, on one processor, while the
/// decoder continues with the current one; then the content of the sequences is copied.
/// </remarks>
internal sealed class GrowingContext : IDisposable
{
    // The library rounds the context length of a sequence up to a multiple of this.
    private const int Granularity = 256;

    private const int MicroBatchStep = 32;

    private readonly LlamaModel _model;
    private readonly DecoderOptions _options;
    private readonly ComputeThreads _threads;
    private PendingContext? _larger;
    private AdapterSet? _adapters;

    /// <param name="model">Kept alive by the context.</param>
    /// <param name="options">Sizes of the context.</param>
    /// <param name="threads">Applied to each context.</param>
    /// <exception cref="DecodeException">The library could not allocate the context.</exception>
    public GrowingContext(LlamaModel model, DecoderOptions options, ComputeThreads threads)
    {
        _model = model;
        _options = options;
        _threads = threads;
        MaxLength = RoundUp(options.ContextLength);
        Length = options.InitialContextLength is { } initial && CanMove(model.Handle) ? Math.Min(MaxLength, RoundUp(initial)) : MaxLength;
        Current = Create(Length);
        threads.Attach(Current);
    }

    public LlamaContextHandle Current { get; private set; }

    /// <summary>Number of tokens per sequence for which memory is allocated.</summary>
    public int Length { get; private set; }

    /// <summary>Maximum number of tokens per sequence: the requested context length, rounded up.</summary>
    public int MaxLength { get; }

    /// <summary>Whether a larger context is being allocated.</summary>
    public bool IsGrowing => _larger is { IsDone: false };

    /// <summary>Returns whether a sequence may have this length. If not, starts to allocate a larger context.</summary>
    /// <exception cref="DecodeException">There is not enough memory, or the content of the sequences could not be copied.</exception>
    public bool TryReserve(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        while (length > Length)
        {
            if (_larger is null)
            {
                _threads.UnbindCaller(); // the allocating thread would inherit the affinity
                _larger = new PendingContext(LengthFor(length), Create);
                return false;
            }

            if (!_larger.IsDone)
            {
                return false;
            }

            MoveToLarger();
        }

        return true;
    }

    /// <summary>Makes room for sequences of this length, waiting for a larger context if necessary.</summary>
    /// <exception cref="DecodeException">There is not enough memory, or the content of the sequences could not be copied.</exception>
    public void Reserve(int length)
    {
        while (!TryReserve(length))
        {
            _larger!.Wait();
        }
    }

    /// <summary>Sets the LoRA adapters of subsequent decodes; null for none.</summary>
    /// <exception cref="DecodeException">The library rejected the adapters.</exception>
    public void UseAdapters(AdapterSet? adapters)
    {
        if (adapters == _adapters)
        {
            return;
        }

        int status = Current.UseAdapters(adapters?.Adapters, adapters?.Scales);
        if (status != LlamaStatus.Success)
        {
            throw new DecodeException($"llama.cpp rejected the LoRA adapters (llama_set_adapters_lora returned {status}).");
        }

        _adapters = adapters;
    }

    public void Dispose()
    {
        _larger?.Abandon();
        Current.Dispose();
    }

    // The library saves of a sliding window only what is inside the window, and of a recurrent state only the last one.
    private static bool CanMove(LlamaModelHandle model) => !model.IsRecurrent && model.SlidingWindow == 0;

    private static int RoundUp(int length) => (length + Granularity - 1) / Granularity * Granularity;

    // A little more than requested, and at least twice the current length, so that the context grows rarely. The length is an odd multiple
    // of the granularity, because values are stored one length apart, and powers of two map to the same cache lines of the processor.
    private int LengthFor(int requested)
    {
        int steps = (RoundUp(requested + (Granularity / 2)) / Granularity) | 1;
        return Math.Min(Math.Max(steps * Granularity, (2 * Length) + Granularity), MaxLength);
    }

    // Without flash attention, the scores of a batch take memory in proportion to the length.
    private int MicroBatchFor(int length)
    {
        bool isOneBatch = _options.FlashAttention || _options.KeepsBatchTogether;
        if (isOneBatch || _options.ScoreBytes is not { } limit || _model.Header.AttentionHeads == 0)
        {
            return _options.BatchCapacity;
        }

        long tokens = limit / (sizeof(float) * _model.Header.AttentionHeads * length);
        int least = Math.Min(MicroBatchStep, _options.BatchCapacity);
        return (int)Math.Clamp(tokens / MicroBatchStep * MicroBatchStep, least, _options.BatchCapacity);
    }

    // Also called on the allocating thread.
    private LlamaContextHandle Create(int length)
    {
        var settings = new LlamaContextSettings
        {
            Sequences = _options.SequenceCapacity,
            SequenceLength = length,
            BatchTokens = _options.BatchCapacity,
            MicroBatchTokens = MicroBatchFor(length),
            Outputs = _options.OutputCapacity,
            OutputsPerSequence = Math.Min(_options.OutputCapacity, DecoderOptions.MaxOutputsPerSequence),
            Threads = _options.Threads,
            FlashAttention = _options.FlashAttention,
            UnifiedCache = _options.UnifiedKeyValueCache,
            ReservesMemory = _options.ReservesMemory,
            KeyType = _options.KeyType.NativeType(),
            ValueType = _options.ValueType.NativeType(),
            RopeScaling = _options.Rope.NativeScaling,
            RopeFrequencyBase = (float?)_options.Rope.FrequencyBase,
            RopeFrequencyScale = (float?)_options.Rope.FrequencyScale,
            RopeOriginalContext = _options.Rope.OriginalContextLength,
        };
        LlamaContextHandle context = LlamaContextHandle.Create(_model.Handle, settings, out string problem);
        if (context.IsInvalid)
        {
            throw new DecodeException(
                $"llama.cpp could not allocate a KV cache for {_options.SequenceCapacity:N0} sequences of {length:N0} tokens "
                + $"({_model.Header.BytesPerToken(_options.KeyType, _options.ValueType):N0} bytes per token). {problem}"
                + "Reduce the number of sequences or the context length.");
        }

        return context;
    }

    private void MoveToLarger()
    {
        (PendingContext pending, _larger) = (_larger!, null);
        LlamaContextHandle larger = pending.Take();
        bool isCopied;
        try
        {
            isCopied = Current.TryCopyTo(larger);
        }
        catch
        {
            larger.Dispose();
            throw;
        }

        _threads.UnbindCaller(); // the threads of the new context would inherit the affinity
        Current.Dispose();
        (Current, Length) = (larger, pending.Length);
        _threads.Attach(Current);
        (AdapterSet? adapters, _adapters) = (_adapters, null);
        UseAdapters(adapters);
        if (!isCopied)
        {
            // The sequences are empty now, so the next decode of each of them fails.
            throw new DecodeException(
                $"llama.cpp could not copy the sequences into a KV cache of {Length:N0} tokens per sequence. Send the request again.");
        }
    }
}
