using System.Runtime.InteropServices;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// Which tokens every slot of the KV cache holds, and which slot a new sequence gets: the prefix cache. Knows no decoder. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A slot keeps what it holds when its sequence ends, until another sequence needs the slot: the one that was least recently used goes
/// first. A prompt that begins like the content of a slot, running or not, begins with those tokens: in place when it continues that
/// content, else in a copy, so that both survive.
/// </para>
/// <para>
/// The contents are compared one by one. There are at most a few hundred of them, and comparing runs of integers is so fast that a tree
/// over them would save nothing beside a decode step.
/// </para>
/// </remarks>
/// <param name="count">Slots of the KV cache.</param>
/// <param name="contextLength">Tokens of a slot.</param>
internal sealed class SlotTable(int count, int contextLength)
{
    // Fewer tokens than this are computed sooner than waited for.
    private const int LeastAwaited = 128;

    // The library copies a slot whole, however little of it is asked for. Copying a token takes less than a hundredth of computing it,
    // so a slot is worth its copy when this share of it need not be computed.
    private readonly int _leastCopied = (contextLength / 64) + 16;
    private readonly Slot[] _slots = [.. Enumerable.Range(0, count).Select(_ => new Slot(contextLength))];
    private int _running;
    private long _clock;

    /// <summary>Tokens of all slots.</summary>
    public long TokenCount
    {
        get
        {
            long count = 0;
            foreach (Slot slot in _slots)
            {
                count += slot.Tokens.Count;
            }

            return count;
        }
    }

    public bool HasFree => _running < _slots.Length;

    /// <summary>Tokens the slot holds.</summary>
    public ReadOnlySpan<int> ContentOf(int slot) => CollectionsMarshal.AsSpan(_slots[slot].Tokens);

    /// <summary>Chooses a slot; one must be free. Changes nothing.</summary>
    /// <param name="prompt">What the sequence begins with.</param>
    /// <param name="reuse">Whether tokens that are there may be used.</param>
    /// <param name="variant">What it is computed with: only what was computed with an equal one can be used. Null: the model as it is.</param>
    public SlotPlacement Place(ReadOnlySpan<int> prompt, bool reuse, object? variant = null)
    {
        int best = reuse ? LongestMatch(prompt, variant) : -1;
        int cached = best < 0 ? 0 : MatchOf(best, prompt, variant);
        if (best >= 0 && IsGoodPlace(best, cached))
        {
            return new SlotPlacement(best, best, cached);
        }

        int chosen = CheapestFree(except: best);
        if (chosen < 0)
        {
            return new SlotPlacement(best, best, cached);
        }

        return cached >= _leastCopied
            ? new SlotPlacement(chosen, best, cached)
            : new SlotPlacement(chosen, chosen, reuse ? MatchOf(chosen, prompt, variant) : 0);
    }

    /// <summary>Whether waiting for a running sequence to compute more of a common prefix saves more than it costs.</summary>
    /// <param name="prompt">The prompt that could wait.</param>
    /// <param name="running">A running sequence's prompt, of which its slot holds the beginning.</param>
    /// <param name="variant">What both are computed with.</param>
    public bool IsWorthWaitingFor(ReadOnlySpan<int> prompt, ReadOnlySpan<int> running, object? variant = null)
    {
        int common = prompt[..^1].CommonPrefixLength(running);
        return common >= Math.Max(_leastCopied, LeastAwaited) + CachedTokens(prompt, variant);
    }

    /// <summary>A sequence begins in the slot, of which it uses the first <paramref name="kept"/> tokens.</summary>
    /// <param name="placement">Where, and whose tokens.</param>
    /// <param name="kept">No more than the placement promised.</param>
    /// <param name="variant">What it is computed with.</param>
    public void Begin(SlotPlacement placement, int kept, object? variant = null)
    {
        Slot slot = _slots[placement.Slot];
        if (placement.Source == placement.Slot)
        {
            slot.Tokens.RemoveRange(kept, slot.Tokens.Count - kept);
        }
        else
        {
            slot.Tokens.Clear();
            slot.Tokens.AddRange(ContentOf(placement.Source)[..kept]);
            _slots[placement.Source].LastUse = ++_clock;
        }

        slot.Variant = variant;
        slot.IsRunning = true;
        _running++;
    }

    /// <summary>Takes note of a token that was decoded.</summary>
    public void Append(int slot, int token) => _slots[slot].Tokens.Add(token);

    /// <summary>Takes note that the slot holds its first <paramref name="length"/> tokens alone.</summary>
    public void Truncate(int slot, int length)
    {
        List<int> tokens = _slots[slot].Tokens;
        tokens.RemoveRange(length, tokens.Count - length);
    }

    /// <summary>The slot's sequence has ended.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="keep">Whether others may use what it holds.</param>
    public void End(int slot, bool keep)
    {
        Slot ended = _slots[slot];
        ended.IsRunning = false;
        ended.LastUse = ++_clock;
        _running--;
        if (!keep)
        {
            ended.Tokens.Clear();
        }
    }

    private int CachedTokens(ReadOnlySpan<int> prompt, object? variant) =>
        LongestMatch(prompt, variant) is >= 0 and int slot ? MatchOf(slot, prompt, variant) : 0;

    // A free one when there are equals, since only that can be used in place.
    private int LongestMatch(ReadOnlySpan<int> prompt, object? variant)
    {
        int best = -1;
        int longest = 0;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            int match = MatchOf(slot, prompt, variant);
            if (match > longest || (match == longest && match > 0 && _slots[best].IsRunning && !_slots[slot].IsRunning))
            {
                best = slot;
                longest = match;
            }
        }

        return best;
    }

    // The last token of a prompt is computed always: the first of the completion comes from its logits.
    private int MatchOf(int slot, ReadOnlySpan<int> prompt, object? variant) =>
        Equals(_slots[slot].Variant, variant) ? ContentOf(slot).CommonPrefixLength(prompt[..^1]) : 0;

    // In place costs nothing, but what the prompt does not share is lost, and a slot apart from the others costs a pass over the weights
    // each step.
    private bool IsGoodPlace(int slot, int match) =>
        !_slots[slot].IsRunning
        && _slots[slot].Tokens.Count - match <= match
        && (_running == 0 || RunningNeighbours(slot) > 0);

    // Between running ones first: sequences in neighbouring slots are decoded together, those with a gap between them one after another.
    private int CheapestFree(int except)
    {
        int cheapest = -1;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (!_slots[slot].IsRunning && slot != except && (cheapest < 0 || IsCheaper(slot, cheapest)))
            {
                cheapest = slot;
            }
        }

        return cheapest;
    }

    private bool IsCheaper(int slot, int other)
    {
        int neighbours = RunningNeighbours(slot).CompareTo(RunningNeighbours(other));
        return neighbours != 0 ? neighbours > 0 : Age(slot) < Age(other);
    }

    private long Age(int slot) => _slots[slot].Tokens.Count == 0 ? 0 : _slots[slot].LastUse;

    private int RunningNeighbours(int slot) =>
        (slot > 0 && _slots[slot - 1].IsRunning ? 1 : 0) + (slot + 1 < _slots.Length && _slots[slot + 1].IsRunning ? 1 : 0);

    private sealed class Slot(int capacity)
    {
        public List<int> Tokens { get; } = new(capacity);

        /// <summary>What the tokens were computed with.</summary>
        public object? Variant { get; set; }

        public bool IsRunning { get; set; }

        public long LastUse { get; set; }
    }
}

/// <summary>Where a new sequence goes and what it finds there.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Source">Whose first tokens it uses; the same slot: in place.</param>
/// <param name="CachedTokens">How many of its prompt tokens need not be computed.</param>
internal readonly record struct SlotPlacement(int Slot, int Source, int CachedTokens);
