using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>Runs every sequence of one model through one decoder, batched continuously, on a thread of its own.</summary>
/// <remarks>
/// <para>
/// Thread-safe. One round takes in what has arrived, drops what was cancelled, gives free slots to the longest waiting,
/// decodes one batch of all sequences, and one of its own for each that must be deterministic, and tells each observer what its
/// sequence gained: a token, or several when guesses came true (<see cref="PromptLookup"/>). A cancelled token is looked at once a round; it
/// needs to wake nobody, since a scheduler with nothing to do has no sequence to cancel.
/// </para>
/// <para>
/// Damage stays where it arises: a failed decode ends the sequences of that batch, a failing sampler or observer ends its
/// own sequence. Any other failure means that the slots can no longer be trusted: every sequence ends as failed, and from
/// then on <see cref="Submit"/> throws with the cause.
/// </para>
/// </remarks>
internal sealed class BatchScheduler : IAsyncDisposable
{
    // Prompt tokens of a step of a deterministic sequence: as many whatever else there is to do.
    private const int DeterministicPrefill = 32;

    // Asked for before they are needed, since making room takes time: more than a second of a single answer on a small machine.
    private const int TokensAhead = 64;

    // While nobody has room, cancellations are looked for this often.
    private static readonly TimeSpan RoomCheck = TimeSpan.FromMilliseconds(5);

    // Several times the wait for companions.
    private static readonly TimeSpan ShortStep = TimeSpan.FromMilliseconds(5);

    private readonly IDecoder _decoder;
    private readonly ITokenizer _tokenizer;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly int _vocabularySize;
    private readonly SequenceInbox _inbox = new();
    private readonly SchedulerCounters _counters = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _fault;
    private volatile bool _isDisposed;

    // From here on: the scheduler's thread only.
    private readonly BatchPlan _plan;
    private readonly PrefillBudget _prefill;
    private readonly OneTokenTime _oneToken = new();
    private readonly List<Sequence> _waiting = [];
    private readonly List<Sequence> _running = [];
    private readonly SlotTable _slots;
    private readonly Sequence?[] _inSlot;
    private readonly SequenceLoad[] _loads;
    private readonly BatchToken[] _batch;
    private readonly List<Sequence> _inBatch = [];
    private readonly List<AdapterSet?> _sets = [];
    private readonly int _deterministicPrefill;
    private readonly bool _speculates;
    private readonly TimeSpan _companionGap;
    private TimeSpan _lastDecode;
    private int _tokensAhead = TokensAhead;
    private bool _makesRoom;

    /// <param name="decoder">Owned, and only touched on the scheduler's thread from here on.</param>
    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="name">The model, for the thread's name and messages.</param>
    /// <param name="prefillTokensPerStep">Most prompt tokens of a step in which other sequences decode (default: 256).</param>
    /// <param name="time">The clock that steps are measured with; null for the system's.</param>
    /// <param name="speculates">
    /// Whether a greedy sequence that decodes alone guesses tokens from its own text and checks several in one step (default: no).
    /// </param>
    /// <param name="companionGap">
    /// How long the first sequence after a rest waits for another to begin with, where a step takes several times as long (default: 1 ms).
    /// </param>
    public BatchScheduler(
        IDecoder decoder,
        ITokenizer tokenizer,
        string name,
        int prefillTokensPerStep = 256,
        TimeProvider? time = null,
        bool speculates = false,
        TimeSpan? companionGap = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefillTokensPerStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(decoder.SequenceCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(decoder.BatchCapacity, 1);

        _decoder = decoder;
        _tokenizer = tokenizer;
        _name = name;
        _time = time ?? TimeProvider.System;
        _vocabularySize = decoder.VocabularySize;
        ContextLength = decoder.ContextLength;

        int slots = decoder.SequenceCapacity;
        _plan = new BatchPlan(slots, decoder.BatchCapacity);
        _prefill = new PrefillBudget(prefillTokensPerStep);
        _companionGap = companionGap ?? TimeSpan.FromMilliseconds(1);
        _speculates = speculates && decoder.CanRewind;
        _deterministicPrefill = Math.Min(DeterministicPrefill, decoder.BatchCapacity);
        _slots = new SlotTable(slots, ContextLength);
        _inSlot = new Sequence?[slots];
        _loads = new SequenceLoad[slots];
        _batch = new BatchToken[decoder.BatchCapacity];

        new Thread(Run) { Name = name, IsBackground = true }.UnsafeStart();
    }

    /// <summary>
    /// Called on the scheduler's thread after the observers of one round were told, so that what they collected can go out
    /// together. To be set before the first sequence comes; must be short and must not throw.
    /// </summary>
    public Action? StepCompleted { get; set; }

    /// <summary>Tokens one sequence may hold, prompt and completion together.</summary>
    public int ContextLength { get; }

    /// <summary>Tokens that fit the KV cache.</summary>
    public long KvCapacity => (long)_inSlot.Length * ContextLength;

    /// <summary>A snapshot of the counters.</summary>
    public SchedulerStatistics Statistics => _counters.Snapshot();

    /// <summary>
    /// Queues a sequence; it joins the batch at the next step with a free slot. Its observer is always told an end, unless
    /// this throws.
    /// </summary>
    /// <exception cref="ArgumentException">The prompt is empty or holds a token the model does not have, or the token limit is negative.</exception>
    /// <exception cref="ContextLengthException">The prompt leaves no room for a token in the context.</exception>
    /// <exception cref="ObjectDisposedException">The scheduler is stopping.</exception>
    /// <exception cref="InvalidOperationException">The scheduler has failed; the inner exception says why.</exception>
    public void Submit(SequenceRequest request)
    {
        Check(request);
        var sequence = new Sequence(request, _tokenizer, ContextLength, _counters.DecodeSteps);
        _counters.Queued();
        if (!_inbox.TryAdd(sequence))
        {
            _counters.LeftQueue();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            throw new InvalidOperationException($"The scheduler of model '{_name}' has failed; load the model again.", _fault);
        }
    }

    /// <summary>Ends every sequence as cancelled after the step under way, joins the thread and disposes the decoder.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _inbox.Close();
        return new ValueTask(_stopped.Task);
    }

    private void Check(SequenceRequest request)
    {
        ReadOnlySpan<int> prompt = request.Prompt;
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxTokens);
        if (prompt.IsEmpty)
        {
            throw new ArgumentException("The prompt has no tokens.", nameof(request));
        }

        // The native library would refuse the whole batch, and with it the neighbours.
        if (prompt.IndexOfAnyExceptInRange(0, _vocabularySize - 1) is >= 0 and int index)
        {
            throw new ArgumentException(
                $"Prompt token {prompt[index]} at {index} is not in the vocabulary of {_vocabularySize}.", nameof(request));
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
            while (_inbox.Take(_waiting, pause))
            {
                if (pause == Timeout.InfiniteTimeSpan)
                {
                    WaitForCompanions();
                }

                long steps = _counters.DecodeSteps;
                RunRound();
                bool isIdle = _running.Count == 0 && _waiting.Count == 0;
                pause = isIdle ? Timeout.InfiniteTimeSpan : _counters.DecodeSteps == steps ? RoomCheck : TimeSpan.Zero;
            }
        }
        catch (Exception exception)
        {
            _fault = exception;
            _inbox.Close();
            _inbox.Take(_waiting, TimeSpan.Zero);
            end = Failed(exception);
        }

        Stop(end);
    }

    // Those who ask at the same time are heard one after another. Without their prompts, the first step would leave all but one of them
    // behind by its whole length.
    private void WaitForCompanions()
    {
        if (_prefill.DecodeStep < ShortStep)
        {
            return;
        }

        long start = _time.GetTimestamp();
        int heard = 0;
        while (heard < _waiting.Count && _waiting.Count < _inSlot.Length && _time.GetElapsedTime(start) < _prefill.DecodeStep)
        {
            heard = _waiting.Count;
            _inbox.Take(_waiting, _companionGap);
        }
    }

    private void RunRound()
    {
        EndCancelled(_running);
        EndCancelled(_waiting);
        MakeRoom();
        RemoveEnded();
        Admit();
        DecodeEachSet();
        DecodeDeterministic();
        RemoveEnded();
        _counters.Holds(_slots.TokenCount);
        StepCompleted?.Invoke();
    }

    private void EndCancelled(List<Sequence> sequences)
    {
        foreach (Sequence sequence in sequences)
        {
            if (sequence.IsCancelled)
            {
                End(sequence, SequenceEnd.Cancelled);
            }
        }
    }

    private void RemoveEnded()
    {
        _running.RemoveAll(static sequence => sequence.State == SequenceState.Ended);
        _waiting.RemoveAll(static sequence => sequence.State == SequenceState.Ended);
    }

    // Who has no room waits until it is there, running or not. Everybody else goes on.
    private void MakeRoom()
    {
        if (LongestOf(_running, LongestOf(_waiting, null)) is not { } longest)
        {
            return;
        }

        try
        {
            _makesRoom = !_decoder.TryReserve(longest.LengthAfter(_tokensAhead));
        }
        catch (Exception exception)
        {
            _makesRoom = false;
            if (HasRoom(longest))
            {
                _tokensAhead = 1; // it would fail each round
            }
            else
            {
                End(longest, Failed(exception));
            }
        }
    }

    private Sequence? LongestOf(List<Sequence> sequences, Sequence? longest)
    {
        foreach (Sequence sequence in sequences)
        {
            if (sequence.State != SequenceState.Ended && !(sequence.LengthAfter(_tokensAhead) <= longest?.LengthAfter(_tokensAhead)))
            {
                longest = sequence;
            }
        }

        return longest;
    }

    private bool HasRoom(Sequence sequence) => sequence.LengthAfter(1) <= _decoder.Room;

    private void Admit()
    {
        while (_slots.HasFree && NextToStart() is { } sequence)
        {
            _waiting.Remove(sequence);
            Start(sequence);
        }
    }

    // The longest waiting of the client that has the fewest running, so that a client with many cannot keep out one with few.
    private Sequence? NextToStart()
    {
        Sequence? next = null;
        int fewest = int.MaxValue;
        foreach (Sequence sequence in _waiting)
        {
            int running = 0;
            foreach (Sequence other in _running)
            {
                running += other.ClientId == sequence.ClientId ? 1 : 0;
            }

            if (running < fewest && HasRoom(sequence) && !IsPrefixUnderWay(sequence))
            {
                next = sequence;
                fewest = running;
            }

            if (fewest == 0)
            {
                break;
            }
        }

        return next;
    }

    // Many that begin alike come together often. One of them computes the beginning, the others wait for it.
    private bool IsPrefixUnderWay(Sequence sequence)
    {
        foreach (Sequence other in _running)
        {
            if (other.State == SequenceState.Prefilling
                && other.UsesPrefixCache
                && sequence.UsesPrefixCache
                && other.Adapters == sequence.Adapters
                && _slots.IsWorthWaitingFor(sequence.Prompt, other.Prompt, sequence.Adapters))
            {
                return true;
            }
        }

        return false;
    }

    private void Start(Sequence sequence)
    {
        ISampler sampler;
        try
        {
            sampler = _decoder.CreateSampler(sequence.Sampling);
        }
        catch (Exception exception)
        {
            End(sequence, Failed(exception));
            return;
        }

        SlotPlacement placement = _slots.Place(sequence.Prompt, sequence.UsesPrefixCache, sequence.Adapters);
        int cached = Prepare(placement) ? placement.CachedTokens : 0;
        _slots.Begin(placement, cached, sequence.Adapters);
        _inSlot[placement.Slot] = sequence;
        sequence.Start(placement.Slot, cached, sampler);
        _running.Add(sequence);
        _counters.LeftQueue();
        _counters.Started(cached);
    }

    private bool Prepare(SlotPlacement placement) =>
        placement.Source == placement.Slot
            ? _decoder.TrimSequence(placement.Slot, placement.CachedTokens)
            : _decoder.CopySequence(placement.Source, placement.Slot, placement.CachedTokens);

    // One forward pass has one set of adapters. Nearly always there is one set, that of no adapters.
    private void DecodeEachSet()
    {
        _sets.Clear();
        foreach (Sequence sequence in _running)
        {
            if (!sequence.IsDeterministic && !_sets.Contains(sequence.Adapters))
            {
                _sets.Add(sequence.Adapters);
            }
        }

        foreach (AdapterSet? adapters in _sets)
        {
            DecodeShared(adapters);
        }
    }

    private void DecodeShared(AdapterSet? adapters)
    {
        int count = 0;
        foreach (Sequence sequence in _running)
        {
            if (!sequence.IsDeterministic && sequence.Adapters == adapters && HasRoom(sequence))
            {
                _loads[count++] = sequence.Load;
            }
        }

        ReadOnlySpan<int> shares = _plan.Next(_loads.AsSpan(0, count), PrefillTokens());
        int length = 0;
        int promptTokens = 0;
        for (int slot = 0; slot < shares.Length; slot++)
        {
            if (shares[slot] > 0)
            {
                // In the order of slots, since the library decodes together only those that ascend one by one.
                Sequence sequence = _inSlot[slot]!;
                int guessed = count == 1 ? Guess(sequence) : 0;
                AddToBatch(sequence, shares[slot] + guessed, ref length, ref promptTokens);
            }
        }

        if (length > 0 && TryDecode(length, promptTokens))
        {
            Learn(length, promptTokens);
            AdvanceBatch();
        }
    }

    private void Learn(int length, int promptTokens)
    {
        if (_makesRoom)
        {
            return; // steps take longer meanwhile
        }

        _prefill.Learn(promptTokens, length - promptTokens, _lastDecode);
        if (length == 1 && promptTokens == 0)
        {
            _oneToken.Learn(_lastDecode);
        }
    }

    // Only for a sequence that has the decoder to itself: guesses of several are seldom of one length, and each other length would cost
    // the library a pass over the weights.
    private int Guess(Sequence sequence) =>
        _speculates && sequence.State == SequenceState.Decoding
            ? sequence.Guess(_slots.ContentOf(sequence.Slot), MostGuesses(sequence))
            : 0;

    private int MostGuesses(Sequence sequence) =>
        Math.Min(Math.Min(_decoder.BatchCapacity, _decoder.OutputCapacity) - 1, _decoder.Room - sequence.LengthAfter(1));

    private void DecodeDeterministic()
    {
        foreach (Sequence sequence in _running)
        {
            if (sequence is { IsDeterministic: true, State: not SequenceState.Ended } && HasRoom(sequence))
            {
                int length = 0;
                int promptTokens = 0;
                AddToBatch(sequence, Math.Clamp(sequence.Load.PromptTokensLeft, 1, _deterministicPrefill), ref length, ref promptTokens);
                if (TryDecode(length, promptTokens))
                {
                    AdvanceBatch();
                }
            }
        }
    }

    private void AddToBatch(Sequence sequence, int share, ref int length, ref int promptTokens)
    {
        promptTokens += sequence.Load.IsDecoding ? 0 : share;
        sequence.FillBatch(_batch.AsSpan(length, share), length);
        length += share;
        _inBatch.Add(sequence);
    }

    // Who decodes already is protected from prompts that come now; those that were there before its first token are of the same burst,
    // and the sooner all of that is prefilled, the better for everybody.
    private int PrefillTokens()
    {
        Sequence? oldestPrompt = _running.Find(static sequence => sequence is { State: SequenceState.Prefilling, IsDeterministic: false });
        foreach (Sequence sequence in _running)
        {
            if (sequence.FirstTokenStep <= oldestPrompt?.SubmittedStep)
            {
                return _prefill.Tokens;
            }
        }

        return _decoder.BatchCapacity;
    }

    private bool TryDecode(int length, int promptTokens)
    {
        long start = _time.GetTimestamp();
        try
        {
            _decoder.UseAdapters(_inBatch[0].Adapters);
            _decoder.Decode(_batch.AsSpan(0, length));
        }
        catch (Exception exception)
        {
            SequenceEnd end = Failed(exception);
            foreach (Sequence sequence in _inBatch)
            {
                End(sequence, end);
            }

            _inBatch.Clear();
            return false;
        }

        _lastDecode = _time.GetElapsedTime(start);
        foreach (BatchToken token in _batch.AsSpan(0, length))
        {
            _slots.Append(token.Slot, token.Token);
        }

        _counters.Decoded(promptTokens);
        return true;
    }

    private void AdvanceBatch()
    {
        foreach (Sequence sequence in _inBatch)
        {
            if (sequence.LogitsIndex is not null && Advance(sequence) is { } end)
            {
                End(sequence, end);
            }
        }

        _inBatch.Clear();
    }

    private SequenceEnd? Advance(Sequence sequence)
    {
        try
        {
            SequenceEnd? end;
            do
            {
                end = sequence.Advance(_decoder.GetLogits(sequence.LogitsIndex!.Value), _counters.DecodeSteps);
                if (end?.StopToken is null)
                {
                    _counters.Generated();
                }
            }
            while (end is null && sequence.ConfirmGuess());

            if (sequence.DropGuess(_oneToken.CountIn(_lastDecode), out int length))
            {
                Rewind(sequence.Slot, length);
            }

            if (end is null)
            {
                sequence.Report();
            }

            return end;
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    private void Rewind(int slot, int length)
    {
        if (!_decoder.TrimSequence(slot, length))
        {
            throw new DecodeException("The model's memory could not go back to the tokens before a wrong guess.");
        }

        _slots.Truncate(slot, length);
    }

    // The slot is free before the observer hears the end, so whoever waits for the end finds room. An end wakes threads of the pool, and
    // may start some.
    private void End(Sequence sequence, SequenceEnd end)
    {
        _decoder.Rest();
        if (sequence.State == SequenceState.Waiting)
        {
            _counters.LeftQueue();
        }
        else
        {
            bool keep = sequence.UsesPrefixCache && end.Reason != SequenceEndReason.Failed;
            if (!keep)
            {
                _decoder.ClearSequence(sequence.Slot);
            }

            _slots.End(sequence.Slot, keep);
            _inSlot[sequence.Slot] = null;
            _counters.Finished();
        }

        sequence.End(end);
    }

    // Touches no slot: they go with the decoder, and after a fault nobody knows what is in them.
    private void Stop(SequenceEnd end)
    {
        // A fault can leave a sequence in both lists, and one that has ended in either.
        foreach (Sequence sequence in _running.Concat(_waiting).Where(static sequence => sequence.State != SequenceState.Ended))
        {
            if (sequence.State == SequenceState.Waiting)
            {
                _counters.LeftQueue();
            }
            else
            {
                _counters.Finished();
            }

            sequence.End(end);
        }

        try
        {
            StepCompleted?.Invoke();
        }
        catch (Exception)
        {
            // This was its last call, and the decoder must still be disposed.
        }

        try
        {
            _decoder.Dispose();
            _stopped.SetResult();
        }
        catch (Exception exception)
        {
            _stopped.SetException(exception);
        }
    }

    private static SequenceEnd Failed(Exception exception) => new(
        SequenceEndReason.Failed,
        exception is DecodeException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");
}
