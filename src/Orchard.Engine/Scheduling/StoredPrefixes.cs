using Orchard.Engine.Inference;
using Orchard.Engine.Native;
using Orchard.Engine.Prefixes;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// Fills the slots of new sequences from files, and writes files with what slots hold when no sequence runs. Not thread-safe.
/// </summary>
/// <remarks>
/// Files are read and written by other threads. The scheduler's thread only copies between the slots and memory, which takes milliseconds
/// where computing the tokens takes seconds.
/// </remarks>
internal sealed class StoredPrefixes(PrefixStore store, IDecoder decoder, SlotTable slots, BatchSchedulerOptions options) : IDisposable
{
    // Reading a file takes longer than computing fewer tokens.
    private const int LeastGain = 128;

    // A token takes less than a hundredth of the time of computing it to be read, checked and copied.
    private const int ReadPerComputed = 16;

    // A file that grows with a conversation is written again when a part of it is new, so that all writes together are bounded.
    private const int KnownPerNew = 4;

    private long? _idleSince;

    /// <summary>
    /// Returns whether a waiting sequence has to go on waiting, because a file with its first tokens is being read or has no room yet.
    /// </summary>
    public bool IsAwaitedBy(Sequence sequence)
    {
        if (sequence is { WasLookedUp: false, UsesPrefixCache: true })
        {
            sequence.WasLookedUp = true;
            sequence.Stored = Find(sequence);
        }

        return sequence.Stored is { } load && (!load.IsDone || (load.State is not null && !HasRoom(load)));
    }

    /// <summary>Returns whether the sequence can start only after the next decode.</summary>
    public bool AwaitsDecode(Sequence sequence) => sequence.Stored?.State is not null && decoder.HasPendingCopies;

    /// <summary>Returns how many tokens of a sequence are in the file that was read for it; 0 if there is none.</summary>
    public int TokensFor(Sequence sequence) =>
        sequence.Stored is { State: not null, Prefix: { } prefix }
        && !decoder.HasPendingCopies
        && SlotTable.CommonPrefix(prefix.Tokens, sequence.Prompt, sequence.Media) is var common
        && (common == prefix.Tokens.Length || decoder.StateReuse == StateReuse.Prefix)
            ? common
            : 0;

    /// <summary>Fills a slot with the first tokens of the file that was read for a sequence. Returns false if the slot is empty.</summary>
    public bool TryRestore(Sequence sequence, int slot, int tokens)
    {
        PrefixLoad load = sequence.Stored!;
        if (decoder.RestoreState(slot, load.State!, tokens))
        {
            return true;
        }

        store.Reject(load.Prefix);
        return false;
    }

    /// <summary>Forgets the file that was read for a sequence.</summary>
    public void Release(Sequence sequence)
    {
        if (sequence.Stored is { } load)
        {
            sequence.Stored = null;
            store.Release(load);
        }
    }

    /// <summary>Records that sequences run.</summary>
    public void EndIdle() => _idleSince = null;

    /// <summary>
    /// Begins to write what a slot holds, if no sequence has run for long enough. Returns how long there is nothing to do.
    /// </summary>
    public TimeSpan SaveWhenIdle()
    {
        TimeSpan left = options.IdleBeforeSave - options.Time.GetElapsedTime(_idleSince ??= options.Time.GetTimestamp());
        if (left > TimeSpan.Zero)
        {
            return slots.FindUnsaved(PrefixStore.LeastTokens) < 0 ? Timeout.InfiniteTimeSpan : left;
        }

        if (!store.IsWriting)
        {
            SaveNext(isLast: false, CancellationToken.None);
        }

        return Timeout.InfiniteTimeSpan; // woken when the file is written
    }

    /// <summary>Writes what the slots hold, as far as the time suffices. Call this at the end.</summary>
    public void SaveAll()
    {
        using var deadline = new CancellationTokenSource(options.SaveAtEnd, options.Time);
        slots.ForgetSaved();
        while (store.WaitForWrite(options.SaveAtEnd) && !deadline.IsCancellationRequested && SaveNext(isLast: true, deadline.Token))
        {
            // One file after another, so that only one copy of a state takes memory.
        }
    }

    public void Dispose() => store.Dispose();

    private PrefixLoad? Find(Sequence sequence)
    {
        StoredPrefix? found = store.Find(sequence.Prompt, sequence.Adapters, out int tokens);
        if (found is null
            || found.Tokens.Length > decoder.ContextLength
            || found.Tokens.Length > (long)tokens * ReadPerComputed
            || tokens - slots.CachedTokens(sequence.Prompt, sequence.Adapters, sequence.Media) < LeastGain)
        {
            return null;
        }

        decoder.UnbindThread(); // threads that read would inherit the affinity
        return store.Load(found);
    }

    private bool HasRoom(PrefixLoad load)
    {
        try
        {
            return decoder.TryReserve(load.Prefix.Tokens.Length);
        }
        catch (Exception e) when (e is DecodeException)
        {
            load.Dispose(); // the sequence may have room even so
            return true;
        }
    }

    private bool SaveNext(bool isLast, CancellationToken deadline)
    {
        while (slots.FindUnsaved(PrefixStore.LeastTokens) is >= 0 and var slot)
        {
            slots.MarkSaved(slot);
            ReadOnlySpan<int> tokens = slots.ContentOf(slot);
            var adapters = (AdapterSet?)slots.VariantOf(slot);
            int added = store.CountNew(tokens, adapters);
            if (added < PrefixStore.LeastTokens || (!isLast && added < (tokens.Length - added) / KnownPerNew))
            {
                continue;
            }

            if (Copy(slot) is { } state)
            {
                decoder.UnbindThread(); // threads that write would inherit the affinity
                store.Save(tokens.ToArray(), adapters, state, deadline);
                return true;
            }
        }

        return false;
    }

    private NativeBuffer? Copy(int slot)
    {
        try
        {
            return decoder.SaveState(slot, store.MostStateBytes);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }
}
