using System.Runtime.CompilerServices;
using Orchard.Engine.Native;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Inference;

/// <summary>The decoder over llama.cpp: one native context, in whose KV cache each sequence has the same room.</summary>
/// <remarks>
/// The library allocates and clears all of a KV cache when it makes a context, which takes longer than anything else about loading a small model, and
/// decodes more slowly the more room there is. So sequences may begin with little, and get a larger context, with what they hold, when one of
/// them needs it. It is made while the decoder goes on with the one it has, on one processor less.
/// </remarks>
internal sealed class LlamaDecoder : IDecoder
{
    // The library gives each sequence of a context a multiple of this.
    private const int ContextStep = 256;

    // A token and the guesses after it. Logits of a large vocabulary take half a megabyte a token.
    private const int MaxOutputsPerSequence = 16;
    private const int FirstKept = -1;
    private const int None = int.MinValue;

    private readonly DecoderOptions _options;
    private readonly LlamaBatchBuffer _batch;
    private readonly SamplerScratch _scratch;
    private readonly LlamaModel _model;
    private readonly ProcessorShare? _share; // null: the number of threads stands
    private LlamaContextHandle _context;
    private PendingContext? _larger;
    private AdapterSet? _adapters;

    // What following a grammar has taught is for all sequences with that grammar, and goes with it.
    private readonly ConditionalWeakTable<Grammar, TokenGrammar> _grammars = [];
    private readonly int[] _nativeIndices; // where the logits of each token of the last batch are: at the library, from FirstKept down in _kept, or nowhere
    private float[] _kept = [];
    private int _decoded;
    private bool _isCallerBound;
    private ThreadCounts _threads;
    private ThreadCounts _computing; // as many of them as have processors to themselves

    /// <summary>Allocates the KV cache and the compute buffers.</summary>
    /// <param name="model">Kept alive by this decoder, whoever disposes first.</param>
    /// <param name="options">What to allocate.</param>
    /// <exception cref="DecodeException">The library could not allocate it.</exception>
    public LlamaDecoder(LlamaModel model, DecoderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SequenceCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SequenceCapacity, LlamaContextHandle.MaxSequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ContextLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InitialContextLength ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchCapacity, options.SequenceCapacity);

        VocabularySize = model.VocabularySize;
        _options = options;
        _threads = _computing = new ThreadCounts(options.Threads, options.Threads);
        _share = options.YieldsProcessors ? new ProcessorShare(TimeProvider.System) : null;
        _model = model;
        ContextLength = RoundUp(options.ContextLength);
        Room = Math.Min(ContextLength, RoundUp(options.InitialContextLength ?? options.ContextLength));
        _context = CreateContext(Room);
        SetThreads();
        SequenceCapacity = _context.SequenceCapacity;
        BatchCapacity = _context.BatchCapacity;
        OutputCapacity = OutputsOf(options);
        CanRewind = !model.Handle.IsRecurrent;
        _batch = new LlamaBatchBuffer(BatchCapacity);
        _nativeIndices = new int[BatchCapacity];
        _scratch = new SamplerScratch(VocabularySize);
    }

    public int SequenceCapacity { get; }

    /// <summary>Tokens one sequence may hold: rounded up from what was asked for, as the library does.</summary>
    public int ContextLength { get; }

    public int Room { get; private set; }

    public int BatchCapacity { get; }

    /// <summary>Threads that compute, from the next decode on.</summary>
    public ThreadCounts Threads
    {
        get => _threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value.OneToken, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(value.Several, 1);
            _threads = value;
            SetComputing(value);
        }
    }

    public int OutputCapacity { get; }

    public bool CanRewind { get; }

    public int VocabularySize { get; }

    internal LlamaContextHandle Handle => _context;

    /// <inheritdoc/>
    /// <remarks>
    /// Sequences of one token each that are neighbours are computed apart from those of several. The library would cut the batch in two
    /// anyway, one token of each sequence first, and would have all of them attend over as many cells as the longest holds: a long prompt
    /// would slow down its neighbours by its whole length.
    /// </remarks>
    /// <exception cref="ArgumentException">A token, position or slot is out of range, or the batch is empty, too large or asks for too many logits.</exception>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        Check(batch);
        int length = LengthAfter(batch);
        while (!TryReserve(length))
        {
            _larger!.Wait();
        }

        _decoded = batch.Length;
        if (IsWorthCutting(batch))
        {
            // What has few logits first, since those of the first part have to be kept.
            Decode(batch, static (batch, i) => !IsSingle(batch, i));
            KeepLogits(batch);
            Decode(batch, IsSingle);
        }
        else
        {
            Decode(batch, static (_, _) => true);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">That token did not ask for logits.</exception>
    public Span<float> GetLogits(int batchIndex)
    {
        int index = (uint)batchIndex < (uint)_decoded ? _nativeIndices[batchIndex] : None;
        Span<float> logits = index switch
        {
            None => default,
            < 0 => _kept.AsSpan((FirstKept - index) * VocabularySize, VocabularySize),
            _ => _context.GetLogits(index),
        };
        return !logits.IsEmpty
            ? logits
            : throw new InvalidOperationException($"Token {batchIndex} of the last batch has no logits: it is not in the batch or did not ask for them.");
    }

    /// <inheritdoc/>
    public bool TryReserve(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ContextLength);
        while (length > Room)
        {
            if (_larger is null)
            {
                Rest(); // the thread that makes it would be bound as well
                _larger = new PendingContext(RoomFor(length), CreateContext);
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

    /// <inheritdoc/>
    public void UseAdapters(AdapterSet? adapters)
    {
        if (adapters == _adapters)
        {
            return;
        }

        int status = _context.UseAdapters(adapters?.Adapters, adapters?.Scales);
        if (status != LlamaStatus.Success)
        {
            throw new DecodeException($"llama.cpp refused the LoRA adapters (llama_set_adapters_lora returned {status}).");
        }

        _adapters = adapters;
    }

    public void ClearSequence(int slot)
    {
        CheckSlot(slot);
        _context.RemoveSequence(slot);
    }

    public bool TrimSequence(int slot, int length)
    {
        CheckSlot(slot);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > 0 && _context.TrimSequence(slot, length))
        {
            return true;
        }

        _context.RemoveSequence(slot);
        return length == 0;
    }

    public bool CopySequence(int source, int destination, int length)
    {
        CheckSlot(source);
        CheckSlot(destination);
        ArgumentOutOfRangeException.ThrowIfEqual(source, destination);
        _context.CopySequence(source, destination);
        return TrimSequence(destination, length);
    }

    public ISampler CreateSampler(SamplingParameters parameters)
    {
        GrammarMatcher? grammar = parameters.Grammar is { } asked
            ? new GrammarMatcher(_grammars.GetValue(asked, key => new TokenGrammar(key, _model.Vocabulary, _model.TokenBytes)))
            : null;
        return SamplerFactory.Create(parameters, _scratch, _model.Handle, grammar);
    }

    public void Rest()
    {
        if (_isCallerBound)
        {
            ProcessorAffinity.Unbind();
            _isCallerBound = false;
        }
    }

    public void Dispose()
    {
        Rest();
        _larger?.Abandon();
        _context.Dispose();
    }

    // An odd number of times the step: values lie one room apart, and powers of two meet in the same lines of a processor's cache. A little
    // more than was asked for, and no less than twice what there was, so that few are made.
    private int RoomFor(int length)
    {
        int steps = (RoundUp(length + (ContextStep / 2)) / ContextStep) | 1;
        return Math.Min(Math.Max(steps * ContextStep, (2 * Room) + ContextStep), ContextLength);
    }

    // Called on a thread of its own as well.
    private LlamaContextHandle CreateContext(int room)
    {
        LlamaContextHandle context = LlamaContextHandle.Create(
            _model.Handle,
            _options.SequenceCapacity,
            room,
            _options.BatchCapacity,
            OutputsOf(_options),
            Math.Min(OutputsOf(_options), MaxOutputsPerSequence),
            _options.Threads,
            _options.FlashAttention,
            _options.UnifiedKeyValueCache,
            out string problem);
        if (context.IsInvalid)
        {
            throw new DecodeException(
                $"llama.cpp could not allocate a KV cache for {_options.SequenceCapacity:N0} sequences of {room:N0} tokens "
                + $"({_model.Header.KeyValueBytesPerToken:N0} bytes a token). {problem}Lower the number of sequences or the context length.");
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
            isCopied = _context.TryCopyTo(larger);
        }
        catch
        {
            larger.Dispose();
            throw;
        }

        Rest(); // a context comes with threads
        _context.Dispose();
        (_context, Room, _decoded) = (larger, pending.Room, 0);
        SetThreads();
        (AdapterSet? adapters, _adapters) = (_adapters, null);
        UseAdapters(adapters);
        if (!isCopied)
        {
            // The sequences are empty now, which the next use of each finds out.
            throw new DecodeException($"llama.cpp could not bring what the sequences hold into a KV cache with room for {Room:N0} tokens of each. Ask again.");
        }
    }

    private void CheckSlot(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, SequenceCapacity);
    }

    /// <summary>Decodes those tokens of a batch that are wanted.</summary>
    private void Decode(ReadOnlySpan<BatchToken> batch, Func<ReadOnlySpan<BatchToken>, int, bool> isWanted)
    {
        _batch.Clear();
        int count = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (isWanted(batch, i))
            {
                BatchToken token = batch[i];
                _batch.Add(token.Token, token.Position, token.Slot, token.NeedsLogits);
                _nativeIndices[i] = token.NeedsLogits ? count : None;
                count++;
            }
        }

        int status = Decode(count);
        if (status != LlamaStatus.Success)
        {
            throw new DecodeException($"Decoding {batch.Length:N0} tokens failed: {LlamaStatus.Describe(status)} (llama_decode returned {status}).");
        }
    }

    private int Decode(int tokens)
    {
        SetComputing(new ThreadCounts(Available(_threads.OneToken), Available(_threads.Several)));
        int threads = tokens == 1 ? _computing.OneToken : _computing.Several;
        BindCaller(threads);
        return _share is null ? _context.Decode(_batch) : DecodeAndLearn(_share, threads, tokens);
    }

    // Whoever makes the larger context would take a processor from one of them, and all would wait for that one.
    private int Available(int threads)
    {
        int limit = _larger is { IsDone: false } ? Math.Max(Environment.ProcessorCount - 1, 1) : threads;
        return Math.Min(limit, _share?.Of(threads) ?? threads);
    }

    private int DecodeAndLearn(ProcessorShare share, int threads, int tokens)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        int status = _context.Decode(_batch);
        share.Learn(threads, tokens, TimeProvider.System.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used);
        return status;
    }

    private void BindCaller(int threads)
    {
        if (!_options.BindsThreads || ProcessorAffinity.For(threads) is not [.., int own])
        {
            Rest();
        }
        else if (!_isCallerBound)
        {
            ProcessorAffinity.Bind(own);
            _isCallerBound = true;
        }
    }

    private void SetComputing(ThreadCounts threads)
    {
        if (threads != _computing)
        {
            _computing = threads;
            SetThreads();
        }
    }

    private void SetThreads() => _context.SetThreads(_computing.OneToken, _computing.Several, _options.BindsThreads);

    // The next decode overwrites the library's.
    private void KeepLogits(ReadOnlySpan<BatchToken> batch)
    {
        int row = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (!IsSingle(batch, i) && batch[i].NeedsLogits)
            {
                if (_kept.Length < (row + 1) * VocabularySize)
                {
                    Array.Resize(ref _kept, (row + 1) * VocabularySize);
                }

                _context.GetLogits(_nativeIndices[i]).CopyTo(_kept.AsSpan(row * VocabularySize));
                _nativeIndices[i] = FirstKept - row++;
            }
        }
    }

    // Only when no gap opens between those of one token: each costs a pass over the weights.
    private static bool IsWorthCutting(ReadOnlySpan<BatchToken> batch)
    {
        int last = -1;
        int singles = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (IsSingle(batch, i))
            {
                if (singles++ > 0 && batch[i].Slot != last + 1)
                {
                    return false;
                }

                last = batch[i].Slot;
            }
        }

        return singles > 0 && singles < batch.Length;
    }

    private static bool IsSingle(ReadOnlySpan<BatchToken> batch, int index) =>
        (index == 0 || batch[index - 1].Slot != batch[index].Slot)
        && (index == batch.Length - 1 || batch[index + 1].Slot != batch[index].Slot);

    /// <summary>Checks what the library would answer with a mere "invalid" or with an abort.</summary>
    private void Check(ReadOnlySpan<BatchToken> batch)
    {
        if (batch.IsEmpty || batch.Length > BatchCapacity)
        {
            throw new ArgumentException($"A batch holds 1 to {BatchCapacity:N0} tokens; this one has {batch.Length:N0}.", nameof(batch));
        }

        int outputs = 0;
        foreach (BatchToken token in batch)
        {
            if ((uint)token.Token >= (uint)VocabularySize
                || (uint)token.Position >= (uint)ContextLength
                || (uint)token.Slot >= (uint)SequenceCapacity)
            {
                throw new ArgumentException(
                    $"{token} is out of range: tokens are below {VocabularySize:N0}, positions below {ContextLength:N0}, slots below {SequenceCapacity:N0}.",
                    nameof(batch));
            }

            outputs += token.NeedsLogits ? 1 : 0;
        }

        if (outputs > OutputCapacity)
        {
            throw new ArgumentException($"At most {OutputCapacity:N0} tokens of a batch may need logits; here {outputs:N0} do.", nameof(batch));
        }
    }

    private static int RoundUp(int contextLength) => (contextLength + ContextStep - 1) / ContextStep * ContextStep;

    private static int LengthAfter(ReadOnlySpan<BatchToken> batch)
    {
        int length = 0;
        foreach (BatchToken token in batch)
        {
            length = Math.Max(length, token.Position + 1);
        }

        return length;
    }

    private static int OutputsOf(DecoderOptions options) =>
        Math.Min(Math.Max(options.SequenceCapacity, MaxOutputsPerSequence), options.BatchCapacity);
}

/// <summary>How many threads compute.</summary>
/// <param name="OneToken">For a decode of one token, which waits for memory most of the time.</param>
/// <param name="Several">For one of several tokens.</param>
internal readonly record struct ThreadCounts(int OneToken, int Several);
