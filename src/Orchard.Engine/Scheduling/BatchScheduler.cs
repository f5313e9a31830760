using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Scheduling;

/// <summary>Runs all sequences of one model through one decoder with continuous batching, on a dedicated thread.</summary>
/// <remarks>
/// <para>
/// Thread-safe. Each round takes in new sequences, drops cancelled ones, assigns free slots to the sequences that have waited longest,
/// decodes one batch with all sequences (and a separate batch for each deterministic sequence), and reports the new tokens to the
/// observers: one token per sequence, or several when drafted tokens were accepted (<see cref="SequenceDraft"/>). Cancellation tokens are
/// polled once per round. They need not wake the thread, because an idle scheduler has no sequence to cancel.
/// </para>
/// <para>
/// A failed decode ends only the sequences of that batch, and a failing sampler or observer only its own sequence. After any other failure
/// the state of the slots is unknown: all sequences end as failed, and later calls of <see cref="Submit"/> throw with the cause.
/// </para>
/// </remarks>
internal sealed class BatchScheduler : IAsyncDisposable
{
    // How often cancellations are polled while no sequence has room to decode.
    private static readonly TimeSpan BlockedPollInterval = TimeSpan.FromMilliseconds(5);

    private readonly IDecoder _decoder;
    private readonly ITokenizer _tokenizer;
    private readonly string _name;
    private readonly int _vocabularySize;
    private readonly SequenceInbox _inbox = new();
    private readonly SchedulerCounters _counters = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _fault;
    private volatile bool _isDisposed;
    private volatile Exception? _abortion;
    private volatile bool _isBusy;

    // The members below are used by the scheduler's thread only.
    private readonly SavedStates? _states;
    private readonly StoredPrefixes? _stored;
    private readonly SequenceTable _sequences;
    private readonly CacheGrowth _cache;
    private readonly Admission _admission;
    private readonly DecodeRound _round;
    private readonly BurstCollector _burst;

    /// <param name="decoder">Owned. Used only by the scheduler's thread from here on.</param>
    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="name">Name of the model, for the thread's name and for messages.</param>
    /// <param name="options">Null for the defaults.</param>
    public BatchScheduler(IDecoder decoder, ITokenizer tokenizer, string name, BatchSchedulerOptions? options = null)
    {
        options ??= new BatchSchedulerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPrefillTokensPerStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(decoder.SequenceCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(decoder.BatchCapacity, 1);

        _decoder = decoder;
        _tokenizer = tokenizer;
        _name = name;
        _vocabularySize = decoder.VocabularySize;
        ContextLength = decoder.ContextLength;
        KvCapacity = decoder.TokenCapacity;

        _states = SavedStates.For(decoder, options.CheckpointBytes);
        var slots = new SlotTable(decoder.SequenceCapacity, decoder.ContextLength, _states, options.MaxShortPrefixes);
        if (options.Prefixes is { } store)
        {
            store.Changed = _inbox.Wake;
            store.IsBusy = () => _isBusy;
            _stored = new StoredPrefixes(store, decoder, slots, options);
        }

        _sequences = new SequenceTable(decoder, _counters, _states, slots, _stored);
        _cache = new CacheGrowth(decoder, _sequences);
        _admission = new Admission(decoder, _sequences, _cache, _stored);
        _round = new DecodeRound(decoder, _sequences, _cache, _counters, options);
        _burst = new BurstCollector(_inbox, options);

        new Thread(Run) { Name = name, IsBackground = true }.UnsafeStart();
    }

    /// <summary>
    /// Called on the scheduler's thread after the observers of a round have been notified, so that their output can be sent together. Set
    /// it before the first sequence is submitted. It must be short and must not throw.
    /// </summary>
    public Action? StepCompleted { get; set; }

    /// <summary>Maximum number of tokens of one sequence, prompt and completion together.</summary>
    public int ContextLength { get; }

    /// <summary>Maximum number of tokens in the KV cache.</summary>
    public long KvCapacity { get; }

    /// <summary>A snapshot of the counters.</summary>
    public SchedulerStatistics Statistics => _counters.Snapshot();

    /// <summary>
    /// Queues a sequence. It joins the batch at the next step for which a slot is free. Unless this method throws, the observer is always
    /// notified of the end.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The prompt is empty or has a token outside the vocabulary, or the token limit is negative.
    /// </exception>
    /// <exception cref="ContextLengthException">The prompt leaves no room for a generated token in the context.</exception>
    /// <exception cref="ObjectDisposedException">The scheduler is stopping.</exception>
    /// <exception cref="InvalidOperationException">The scheduler has failed; the inner exception is the cause.</exception>
    public void Submit(SequenceRequest request)
    {
        Validate(request);
        var sequence = new Sequence(request, _tokenizer, ContextLength, _counters.DecodeSteps);
        _counters.Queued();
        if (!_inbox.TryAdd(sequence))
        {
            _counters.LeftQueue();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            throw new InvalidOperationException($"The scheduler of model '{_name}' has failed. Load the model again.", _fault);
        }
    }

    /// <summary>Ends all sequences as failed after the current step. Further calls of <see cref="Submit"/> throw as disposed.</summary>
    public void Abort(Exception reason)
    {
        _abortion = reason;
        _isDisposed = true;
        _inbox.Close();
    }

    /// <summary>Ends all sequences as cancelled after the current step, joins the thread and disposes the decoder.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _inbox.Close();
        return new ValueTask(_stopped.Task);
    }

    private void Validate(SequenceRequest request)
    {
        ReadOnlySpan<int> prompt = request.Prompt;
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxTokens);
        if (prompt.IsEmpty)
        {
            throw new ArgumentException("The prompt has no tokens.", nameof(request));
        }

        // The native library would reject the whole batch, including the tokens of other sequences.
        int first = request.Media is null ? 0 : int.MinValue; // placeholders are negative
        if (prompt.IndexOfAnyExceptInRange(first, _vocabularySize - 1) is >= 0 and int index)
        {
            throw new ArgumentException(
                $"Prompt token {prompt[index]} at {index} is outside the vocabulary of {_vocabularySize} tokens.", nameof(request));
        }

        if (prompt.Length >= ContextLength)
        {
            throw new ContextLengthException(prompt.Length, ContextLength);
        }
    }

    private void Run()
    {
        SequenceEnd end = SequenceEnd.Cancelled;
        try
        {
            TimeSpan pause = Timeout.InfiniteTimeSpan;
            while (_sequences.TakeFrom(_inbox, pause))
            {
                if (_sequences.IsEmpty)
                {
                    pause = _stored?.SaveWhenIdle() ?? Timeout.InfiniteTimeSpan;
                    continue;
                }

                if (!_isBusy)
                {
                    _isBusy = true;
                    _stored?.EndIdle();
                    _burst.Collect(_sequences, _round.DecodeStepTime);
                }

                long steps = _counters.DecodeSteps;
                RunRound();
                _isBusy = !_sequences.IsEmpty;
                pause = !_isBusy ? _stored?.SaveWhenIdle() ?? Timeout.InfiniteTimeSpan
                    : _counters.DecodeSteps == steps ? BlockedPollInterval
                    : TimeSpan.Zero;
            }

            if (_abortion is null)
            {
                _isBusy = false;
                _stored?.SaveAll();
            }
        }
        catch (Exception exception)
        {
            _fault = exception;
            _inbox.Close();
            _sequences.TakeFrom(_inbox, TimeSpan.Zero);
            end = SequenceEnd.Failed(exception);
        }

        Stop(_abortion is { } reason ? SequenceEnd.Failed(reason) : end);
    }

    private void RunRound()
    {
        _sequences.EndCancelled();
        _cache.Reserve();
        _sequences.RemoveEnded();
        _admission.Admit();
        _round.Decode();
        _sequences.RemoveEnded();
        _counters.SetHeld(_sequences.KvTokens, _sequences.KvTokensInUse, _sequences.HeldSlots, _states?.Bytes ?? 0);
        StepCompleted?.Invoke();
        _round.Complete();
    }

    private void Stop(SequenceEnd end)
    {
        _sequences.EndAll(end);
        try
        {
            StepCompleted?.Invoke();
        }
        catch (Exception)
        {
            // The decoder must be disposed even so, and there will be no further call.
        }

        try
        {
            _states?.Dispose();
            _stored?.Dispose();
            _round.Dispose();
            _decoder.Dispose();
            _stopped.SetResult();
        }
        catch (Exception exception)
        {
            _stopped.SetException(exception);
        }
    }
}
