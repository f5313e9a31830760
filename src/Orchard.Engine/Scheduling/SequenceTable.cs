using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>The waiting and running sequences of a scheduler, and the KV cache slots of the running ones. Not thread-safe.</summary>
/// <param name="decoder">Holds the KV cache.</param>
/// <param name="counters">Updated when sequences start and end.</param>
/// <param name="states">States that cannot be rewound; null if the model has none.</param>
/// <param name="slots">What the slots of the decoder hold.</param>
/// <param name="stored">What is kept on disk; null for nothing.</param>
internal sealed class SequenceTable(
    IDecoder decoder, SchedulerCounters counters, SavedStates? states, SlotTable slots, StoredPrefixes? stored)
{
    private readonly Sequence?[] _bySlot = new Sequence?[decoder.SequenceCapacity];
    private readonly List<Sequence> _arrived = []; // empty between calls

    /// <summary>Sequences without a slot.</summary>
    public WaitingSequences Waiting { get; } = new();

    /// <summary>
    /// Sequences with a slot, in the order in which they started. May include ended ones until <see cref="RemoveEnded"/>.
    /// </summary>
    public List<Sequence> Running { get; } = [];

    public bool IsEmpty => Running.Count == 0 && Waiting.Count == 0;

    public int SlotCount => _bySlot.Length;

    public bool HasFreeSlot => slots.HasFree;

    /// <summary>Number of tokens in the KV cache, including those kept as prefix cache.</summary>
    public long KvTokens => slots.TokenCount;

    /// <summary>Number of tokens of running sequences in the KV cache.</summary>
    public long KvTokensInUse
    {
        get
        {
            long tokens = 0;
            foreach (Sequence sequence in Running)
            {
                tokens += sequence.State == SequenceState.Ended ? 0 : slots.ContentOf(sequence.Slot).Length;
            }

            return tokens;
        }
    }

    /// <summary>Number of slots with tokens.</summary>
    public int HeldSlots => slots.HeldCount;

    /// <summary>Takes the sequences that have arrived.</summary>
    /// <param name="inbox">Where they arrive.</param>
    /// <param name="wait">How long to wait for one; zero to return at once.</param>
    /// <returns>False if the inbox is closed.</returns>
    public bool TakeFrom(SequenceInbox inbox, TimeSpan wait)
    {
        bool isOpen = inbox.Take(_arrived, wait);
        foreach (Sequence sequence in _arrived)
        {
            Waiting.Add(sequence);
        }

        _arrived.Clear();
        return isOpen;
    }

    /// <summary>Returns the running sequence in a slot.</summary>
    public Sequence InSlot(int slot) => _bySlot[slot]!;

    /// <summary>Returns the tokens that a running sequence has in the KV cache.</summary>
    public ReadOnlySpan<int> CachedTokens(Sequence sequence) => slots.ContentOf(sequence.Slot);

    /// <summary>
    /// Returns a running sequence that is prefilling a prefix that a waiting sequence could reuse, if waiting for it saves more than
    /// starting now; otherwise null.
    /// </summary>
    /// <param name="waiting">The waiting sequence.</param>
    /// <param name="tokens">Waiting pays off until the running sequence has computed more prompt tokens than this.</param>
    public Sequence? FindPrefixSource(Sequence waiting, out int tokens)
    {
        foreach (Sequence running in Running)
        {
            if (running.State == SequenceState.Prefilling
                && running.UsesPrefixCache
                && waiting.UsesPrefixCache
                && running.PrefixHash == waiting.PrefixHash
                && running.Adapters == waiting.Adapters
                && slots.TokensWorthWaitingFor(waiting.Prompt, running.Prompt, waiting.Adapters, waiting.Media) is >= 0 and int worth
                && CanShare(running, waiting, ref worth))
            {
                tokens = worth;
                return running;
            }
        }

        tokens = 0;
        return null;
    }

    /// <summary>Moves a waiting sequence into a free slot, reusing as much of the prefix cache as possible.</summary>
    public void Start(Sequence sequence, ISampler sampler)
    {
        SlotPlacement placement = slots.Place(sequence.Prompt, sequence.UsesPrefixCache, sequence.Adapters, sequence.Media);
        int fromFile = stored?.TokensFor(sequence) ?? 0;
        int cached = fromFile > placement.CachedTokens ? Restore(sequence, fromFile, out placement)
            : Prepare(placement, sequence.PositionsOf(placement.CachedTokens)) ? placement.CachedTokens
            : 0;
        stored?.Release(sequence);
        slots.Begin(placement, cached, sequence.Adapters, sequence.Media);
        _bySlot[placement.Slot] = sequence;
        Waiting.Remove(sequence);
        Waiting.CountRunning(sequence.ClientId, 1);
        sequence.Start(placement.Slot, cached, sampler);
        if (states is not null && sequence.UsesPrefixCache)
        {
            sequence.PlanCheckpoints();
        }

        Running.Add(sequence);
        counters.LeftQueue();
        counters.Started(cached);
    }

    /// <summary>Records the tokens of a decoded batch.</summary>
    public void Append(ReadOnlySpan<BatchToken> batch)
    {
        foreach (BatchToken token in batch)
        {
            slots.Append(token.Slot, token.Token);
        }
    }

    /// <summary>Keeps the state of a sequence that has computed its prompt up to a planned checkpoint.</summary>
    public void SaveCheckpoint(Sequence sequence)
    {
        if (sequence.LeavesCheckpoint())
        {
            states?.Save(sequence.Slot, slots.ContentOf(sequence.Slot), sequence.Adapters);
        }
    }

    /// <summary>Removes the tokens of a running sequence beyond the first <paramref name="length"/> from the KV cache.</summary>
    /// <exception cref="DecodeException">The model's state cannot be rewound.</exception>
    public void Rewind(Sequence sequence, int length)
    {
        if (!decoder.TrimSequence(sequence.Slot, sequence.PositionsOf(length)))
        {
            throw new DecodeException("The model's state could not be rewound to the tokens before a rejected draft token.");
        }

        slots.Truncate(sequence.Slot, length);
    }

    /// <summary>
    /// Ends a waiting or running sequence and frees its slot. A running one stays in its list until <see cref="RemoveEnded"/>.
    /// </summary>
    public void End(Sequence sequence, SequenceEnd end)
    {
        // Notifying the observer wakes thread pool threads and may start new ones, which would inherit this thread's processor affinity.
        decoder.UnbindThread();
        if (sequence.State == SequenceState.Waiting)
        {
            counters.LeftQueue();
            Waiting.Remove(sequence);
            stored?.Release(sequence);
        }
        else
        {
            // Before the observer is notified, so that a sequence submitted in response finds a free slot.
            bool keepsTokens = sequence is { UsesPrefixCache: true, IsInsideMedia: false } && end.Reason != SequenceEndReason.Failed;
            Release(sequence, keepsTokens);
        }

        sequence.End(end);
    }

    /// <summary>
    /// Ends the sequences whose cancellation token is cancelled. If there are many waiting ones, some of them only in a later round.
    /// </summary>
    public void EndCancelled()
    {
        foreach (Sequence sequence in Running)
        {
            if (sequence.IsCancelled)
            {
                End(sequence, SequenceEnd.Cancelled);
            }
        }

        foreach (Sequence sequence in Waiting.FindCancelled())
        {
            End(sequence, SequenceEnd.Cancelled);
        }
    }

    /// <summary>Removes ended sequences from the list of running ones.</summary>
    public void RemoveEnded() => Running.RemoveAll(static sequence => sequence.State == SequenceState.Ended);

    /// <summary>Ends all sequences without touching the decoder, whose slots may be in an unknown state.</summary>
    public void EndAll(SequenceEnd end)
    {
        // After a fault, a sequence can be in both lists, and ended ones in either.
        foreach (Sequence sequence in Running.Concat([.. Waiting.All]).Where(static sequence => sequence.State != SequenceState.Ended))
        {
            if (sequence.State == SequenceState.Waiting)
            {
                counters.LeftQueue();
            }
            else
            {
                counters.Finished();
            }

            sequence.End(end);
        }
    }

    // A state that cannot be rewound can be shared only where it is saved.
    private bool CanShare(Sequence running, Sequence waiting, ref int worth)
    {
        if (states is null)
        {
            return true;
        }

        int common = SlotTable.CommonPrefix(running.Prompt, waiting.Prompt, waiting.Media);
        worth = common - 1;
        return running.TryPlanCheckpoint(common);
    }

    // What a slot holds at the end of a turn is lost when another turn goes on there.
    private void SaveResting(SlotPlacement placement)
    {
        ReadOnlySpan<int> tokens = slots.ContentOf(placement.Slot);
        bool goesOn = placement.Source == placement.Slot && placement.Checkpoint is null && placement.CachedTokens == tokens.Length;
        if (states is not null && !tokens.IsEmpty && (goesOn || states.AreComplete))
        {
            states.Save(placement.Slot, tokens, slots.VariantOf(placement.Slot));
        }
    }

    private void Move(SlotPlacement placement)
    {
        if (placement.MoveTo is not { } to)
        {
            return;
        }

        CachedLength held = slots.PositionsOf(placement.Slot, slots.ContentOf(placement.Slot).Length);
        if (decoder.CopySequence(placement.Slot, to, held))
        {
            slots.Move(placement.Slot, to);
        }
        else
        {
            slots.Clear(to);
        }
    }

    private int Restore(Sequence sequence, int tokens, out SlotPlacement placement)
    {
        placement = slots.PlaceEmpty();
        SaveResting(placement);
        if (!stored!.TryRestore(sequence, placement.Slot, tokens))
        {
            slots.Clear(placement.Slot);
            return 0;
        }

        slots.Fill(placement.Slot, sequence.Prompt[..tokens]);
        return tokens;
    }

    private bool Prepare(SlotPlacement placement, CachedLength length)
    {
        SaveResting(placement);
        Move(placement);
        bool isInPlace = placement.Source == placement.Slot;
        if (placement.Checkpoint is not { } checkpoint)
        {
            return isInPlace
                ? decoder.TrimSequence(placement.Slot, length)
                : decoder.CopySequence(placement.Source, placement.Slot, length);
        }

        CachedLength held = slots.PositionsOf(placement.Source, slots.ContentOf(placement.Source).Length);
        return (isInPlace || decoder.CopySequence(placement.Source, placement.Slot, held))
            && decoder.RestoreSnapshot(placement.Slot, checkpoint.Snapshot, length);
    }

    private void Release(Sequence sequence, bool keepTokens)
    {
        if (!keepTokens)
        {
            decoder.ClearSequence(sequence.Slot);
        }

        slots.End(sequence.Slot, keepTokens);
        if (slots.FindSurplus() is { } surplus)
        {
            decoder.ClearSequence(surplus);
            slots.Clear(surplus);
        }

        _bySlot[sequence.Slot] = null;
        Waiting.CountRunning(sequence.ClientId, -1);
        counters.Finished();
    }
}
