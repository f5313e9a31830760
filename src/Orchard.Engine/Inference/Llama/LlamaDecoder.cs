using System.Runtime.CompilerServices;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Inference.Sampling;
using Orchard.Engine.Native;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Inference.Llama;

/// <summary>The decoder of a llama.cpp model: one native context, whose KV cache has the same room for each sequence.</summary>
internal sealed class LlamaDecoder : IDecoder
{
    private readonly LlamaModel _model;
    private readonly bool _reservesMemory;
    private readonly ComputeThreads _threads;
    private readonly GrowingContext _context;
    private readonly ForwardPass _forward;
    private readonly CandidateSet _candidates;

    // Computed states of a grammar are shared by all sequences that use it, and collected with it.
    private readonly ConditionalWeakTable<Grammar, TokenGrammar> _grammars = [];

    /// <summary>Allocates the KV cache and the compute buffers.</summary>
    /// <param name="model">Kept alive by the decoder, regardless of the order of disposal.</param>
    /// <param name="options">Sizes and threads.</param>
    /// <exception cref="DecodeException">The library could not allocate the context.</exception>
    public LlamaDecoder(LlamaModel model, DecoderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SequenceCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SequenceCapacity, LlamaContextHandle.MaxSequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ContextLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InitialContextLength ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchCapacity, options.SequenceCapacity);

        _model = model;
        _reservesMemory = options.ReservesMemory;
        _threads = new ComputeThreads(options);
        ContextLength = options.ContextLength;
        _context = new GrowingContext(model, options, _threads);
        VocabularySize = model.VocabularySize;
        SequenceCapacity = _context.Current.SequenceCapacity;
        BatchCapacity = _context.Current.BatchCapacity;
        OutputCapacity = options.OutputCapacity;
        TokenCapacity = options.TokenCapacity is { } capacity
            ? Math.Max(capacity, ContextLength)
            : (long)SequenceCapacity * ContextLength;
        CanRewind = !model.Handle.IsRecurrent;
        SnapshotsAreComplete = model.Handle.IsOnlyRecurrent;
        _forward = new ForwardPass(_context, _threads, VocabularySize, BatchCapacity);
        _candidates = new CandidateSet(VocabularySize);
    }

    public int SequenceCapacity { get; }

    /// <summary>
    /// Maximum number of tokens per sequence: the requested context length. The library allocates more, but a model with learned positions
    /// has none for the tokens beyond.
    /// </summary>
    public int ContextLength { get; }

    public int AllocatedLength => Math.Min(_context.Length, ContextLength);

    public long TokenCapacity { get; }

    public int BatchCapacity { get; }

    public int OutputCapacity { get; }

    public bool CanRewind { get; }

    public bool SnapshotsAreComplete { get; }

    public StateReuse StateReuse => HasMemory ? ReuseOf(_model) : StateReuse.None;

    /// <inheritdoc/>
    /// <remarks>The library copies a slot to another one before it decodes the next batch.</remarks>
    public bool HasPendingCopies { get; private set; }

    public int VocabularySize { get; }

    /// <summary>Numbers of threads that compute, from the next decode on.</summary>
    public ThreadCounts Threads
    {
        get => _threads.Requested;
        set => _threads.Request(value, _context.Current);
    }

    /// <summary>Whether each sequence is decoded separately (default: false), because the library computes them wrongly together.</summary>
    public bool DecodesApart
    {
        get => _forward.IsApart;
        set => _forward.IsApart = value;
    }

    /// <inheritdoc/>
    public bool IsSlowed => IsProcessorTaken?.Invoke() == true;

    /// <summary>Returns whether another part of the engine computes at the moment; null if none does (default: null).</summary>
    public Func<bool>? IsProcessorTaken
    {
        get => _forward.IsProcessorTaken;
        set => _forward.IsProcessorTaken = value;
    }

    /// <summary>Whether the model has a KV cache or another memory of decoded tokens, which generating text requires.</summary>
    public bool HasMemory => _context.Current.HasMemory;

    internal LlamaContextHandle Handle => _context.Current;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// A token, position or slot is out of range, or the batch is empty, too large or requests too many logits.
    /// </exception>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        Validate(batch);
        _context.Reserve(LengthAfter(batch));
        _forward.Decode(batch);
        HasPendingCopies = false;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch is out of range or too large, or the embeddings have another width.</exception>
    public void Decode(MediaBatch batch)
    {
        Validate(batch);
        _context.Reserve(batch.Position + batch.First + batch.Count);
        _forward.Decode(batch);
        HasPendingCopies = false;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The token did not request logits.</exception>
    public Span<float> GetLogits(int batchIndex) => _forward.GetLogits(batchIndex);

    public bool TryReserve(int length) => _context.TryReserve(length);

    public void UseAdapters(AdapterSet? adapters) => _context.UseAdapters(adapters);

    public void ClearSequence(int slot)
    {
        ValidateSlot(slot);
        _context.Current.RemoveSequence(slot);
    }

    /// <summary>Empties all slots, and gives back the memory that they have taken of a cache that only reserves it.</summary>
    public void Clear()
    {
        if (_reservesMemory)
        {
            _context.Current.Clear();
            return;
        }

        for (int slot = 0; slot < SequenceCapacity; slot++)
        {
            ClearSequence(slot);
        }
    }

    public bool TrimSequence(int slot, CachedLength length)
    {
        ValidateSlot(slot);
        ArgumentOutOfRangeException.ThrowIfNegative(length.Next);
        if (length.Next > 0 && _context.Current.TrimSequence(slot, length.Next, length.Last))
        {
            return true;
        }

        _context.Current.RemoveSequence(slot);
        return length.Next == 0;
    }

    public bool CopySequence(int source, int destination, CachedLength length)
    {
        ValidateSlot(source);
        ValidateSlot(destination);
        ArgumentOutOfRangeException.ThrowIfEqual(source, destination);
        HasPendingCopies = true;
        if (_context.Current.TryCopySequence(source, destination))
        {
            return TrimSequence(destination, length);
        }

        _context.Current.RemoveSequence(destination);
        return false;
    }

    public SequenceSnapshot? TakeSnapshot(int slot)
    {
        ValidateSlot(slot);
        return !CanRewind && _context.Current.SaveUntrimmable(slot) is { } state ? new LlamaSequenceSnapshot(state) : null;
    }

    public bool RestoreSnapshot(int slot, SequenceSnapshot snapshot, CachedLength length)
    {
        ValidateSlot(slot);
        if (((LlamaSequenceSnapshot)snapshot).TryRestore(_context.Current, slot))
        {
            return TrimSequence(slot, length);
        }

        _context.Current.RemoveSequence(slot);
        return false;
    }

    public NativeBuffer? SaveState(int slot, long mostBytes)
    {
        ValidateSlot(slot);
        return HasPendingCopies ? null : _context.Current.Save(slot, mostBytes);
    }

    public bool RestoreState(int slot, NativeBuffer state, int tokens)
    {
        ValidateSlot(slot);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        if (!HasPendingCopies && _context.Current.TryRestore(slot, state))
        {
            return TrimSequence(slot, tokens);
        }

        _context.Current.RemoveSequence(slot);
        return false;
    }

    public ISampler CreateSampler(SamplingParameters parameters)
    {
        GrammarMatcher? grammar = parameters.Grammar is { } requested
            ? new GrammarMatcher(_grammars.GetValue(requested, key => new TokenGrammar(key, _model.Vocabulary, _model.TokenBytes)))
            : null;
        return SamplerFactory.Create(parameters, _candidates, _model.TokenBytes, grammar);
    }

    public void UnbindThread() => _threads.UnbindCaller();

    public void Dispose()
    {
        UnbindThread();
        _context.Dispose();
    }

    /// <summary>
    /// Returns what can be used of the states of a model that has a memory: the library saves of a sliding window only what is inside the
    /// window, and of a recurrent state only the last one.
    /// </summary>
    public static StateReuse ReuseOf(LlamaModel model) =>
        model.Handle.IsRecurrent || model.Handle.SlidingWindow != 0 ? StateReuse.Whole : StateReuse.Prefix;

    private static int LengthAfter(ReadOnlySpan<BatchToken> batch)
    {
        int length = 0;
        foreach (BatchToken token in batch)
        {
            length = Math.Max(length, token.Position + 1);
        }

        return length;
    }

    private void ValidateSlot(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, SequenceCapacity);
    }

    private void Validate(MediaBatch batch)
    {
        ValidateSlot(batch.Slot);
        MediaChunk chunk = batch.Chunk;
        bool isWhole = batch.First == 0 && batch.Count == chunk.TokenCount;
        if (batch.First < 0 || batch.Count < 1 || batch.First + batch.Count > chunk.TokenCount || batch.Count > BatchCapacity
            || batch.Position < 0 || batch.Position + chunk.PositionCount > ContextLength
            || chunk.Width != _model.Handle.InputEmbeddingLength || (chunk.IsNonCausal && !isWhole))
        {
            throw new ArgumentException($"{batch} is out of range.", nameof(batch));
        }
    }

    /// <summary>Rejects what the library would reject without a reason, or abort the process for.</summary>
    private void Validate(ReadOnlySpan<BatchToken> batch)
    {
        if (batch.IsEmpty || batch.Length > BatchCapacity)
        {
            throw new ArgumentException(
                $"A batch must have 1 to {BatchCapacity:N0} tokens; this one has {batch.Length:N0}.", nameof(batch));
        }

        int outputs = 0;
        foreach (BatchToken token in batch)
        {
            if ((uint)token.Token >= (uint)VocabularySize
                || (uint)token.Position >= (uint)ContextLength
                || (uint)token.Slot >= (uint)SequenceCapacity)
            {
                throw new ArgumentException(
                    $"{token} is out of range: tokens must be below {VocabularySize:N0}, positions below {ContextLength:N0} "
                    + $"and slots below {SequenceCapacity:N0}.",
                    nameof(batch));
            }

            outputs += token.NeedsLogits ? 1 : 0;
        }

        if (outputs > OutputCapacity)
        {
            throw new ArgumentException(
                $"At most {OutputCapacity:N0} tokens of a batch may need logits; in this one, {outputs:N0} do.", nameof(batch));
        }
    }
}
