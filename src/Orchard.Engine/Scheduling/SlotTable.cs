using System.Runtime.InteropServices;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// The prefix cache: records which tokens each slot of the KV cache holds, and chooses the slot of a new sequence. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A slot keeps its tokens after its sequence has ended, until another sequence needs the slot. Slots are given up whose tokens nobody
/// misses, and then the least recently used one. Sequences in adjacent slots are decoded together, those separated by a gap one after
/// another; where tokens that somebody may miss are in the way, they are moved. If a prompt shares a prefix with the tokens of a slot
/// (running or not), that prefix need not be computed. It is used in place if the prompt continues the content of the slot, and
/// otherwise copied, so that both remain available.
/// </para>
/// <para>
/// With a state that cannot be rewound, only all tokens of a slot can be reused, or those before a checkpoint.
/// </para>
/// <para>
/// Slots are searched linearly. There are at most a few hundred of them, and comparing spans of integers is so fast that a prefix tree
/// would not save a noticeable part of a decode step.
/// </para>
/// </remarks>
internal sealed class SlotTable
{
    // Waiting for fewer tokens takes longer than computing them.
    private const int MinAwaitedTokens = 128;

    // Slots with more tokens allocate memory now and then.
    private const int MaxPreparedTokens = 8192;

    // Copying a token takes less than a hundredth of the time of computing it, so a copy pays off if at least this part of what is copied
    // need not be computed.
    private const int CopiedPerComputed = 64;
    private const int MinCopiedTokens = 16;

    // Fewer tokens are computed again in little time.
    private const int ShortPrefix = 128;

    private readonly int _maxShortPrefixes;
    private readonly int _contextLength;
    private readonly SavedStates? _states;
    private readonly Slot[] _slots;
    private readonly SlotRooms _rooms;
    private int _running;
    private long _clock;

    /// <param name="count">Number of slots.</param>
    /// <param name="contextLength">Maximum number of tokens per slot.</param>
    /// <param name="states">States that cannot be rewound; null if the model has none.</param>
    /// <param name="maxShortPrefixes">How many free slots may hold few tokens; see <see cref="FindSurplus"/>.</param>
    public SlotTable(int count, int contextLength, SavedStates? states = null, int maxShortPrefixes = int.MaxValue)
    {
        _maxShortPrefixes = maxShortPrefixes;
        _contextLength = contextLength;
        _states = states;
        _slots = [.. Enumerable.Range(0, count).Select(_ => new Slot(Math.Min(contextLength, MaxPreparedTokens)))];
        _rooms = new SlotRooms(_slots, canRewind: states is null);
    }

    /// <summary>Number of tokens in all slots.</summary>
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

    /// <summary>Number of slots with tokens.</summary>
    public int HeldCount
    {
        get
        {
            int count = 0;
            foreach (Slot slot in _slots)
            {
                count += slot.Tokens.Count > 0 ? 1 : 0;
            }

            return count;
        }
    }

    public bool HasFree => _running < _slots.Length;

    /// <summary>Returns the tokens in a slot.</summary>
    public ReadOnlySpan<int> ContentOf(int slot) => _slots[slot].Content;

    /// <summary>Returns the positions at the end of the first tokens of a slot.</summary>
    public CachedLength PositionsOf(int slot, int tokens) => _slots[slot].Media?.LengthOf(tokens) ?? tokens;

    /// <summary>Returns what identifies the adapters that the tokens of a slot were computed with.</summary>
    public object? VariantOf(int slot) => _slots[slot].Variant;

    /// <summary>Chooses a slot for a prompt without changing anything. At least one slot must be free.</summary>
    /// <param name="prompt">The prompt of the new sequence.</param>
    /// <param name="reuse">Whether cached tokens may be used.</param>
    /// <param name="variant">
    /// Identifies the adapters. Only tokens computed with an equal value can be reused. Null for the plain model.
    /// </param>
    /// <param name="media">The images and sounds in the prompt, which are reused as a whole; null if there are none.</param>
    public SlotPlacement Place(ReadOnlySpan<int> prompt, bool reuse, object? variant = null, MediaSpans? media = null)
    {
        if (!reuse)
        {
            SlotRoom free = _rooms.Find(except: -1);
            return new SlotPlacement(free.Slot, free.Slot, 0, MoveTo: free.MoveTo);
        }

        List<Checkpoint> checkpoints = _states?.FindFor(prompt, variant) ?? [];
        (int best, Match match) = LongestMatch(prompt, variant, checkpoints, media);
        if (_states is { AreComplete: true } && checkpoints is [var longest, ..] && longest.Tokens.Length > match.Tokens)
        {
            SlotRoom free = _rooms.Find(except: -1);
            return new SlotPlacement(free.Slot, free.Slot, longest.Tokens.Length, longest, free.MoveTo);
        }

        bool isCopied = best >= 0 && match.Tokens >= MinCopied(_slots[best].Tokens.Count);
        bool isInPlace = best >= 0 && IsWorthReusingInPlace(best, match.Tokens);
        if (isInPlace && (!isCopied || _running == 0 || _rooms.RunningNeighbors(best) > 0))
        {
            return new SlotPlacement(best, best, match.Tokens, match.Checkpoint);
        }

        SlotRoom room = _rooms.Find(except: best);
        if (room.Slot < 0 || (isInPlace && (room.IsMissed || _rooms.RunningNeighbors(room.Slot) == 0)))
        {
            return new SlotPlacement(best, best, match.Tokens, match.Checkpoint);
        }

        if (isCopied)
        {
            return new SlotPlacement(room.Slot, best, match.Tokens, match.Checkpoint, room.MoveTo);
        }

        Match own = MatchOf(room.Slot, prompt, variant, checkpoints, media);
        return new SlotPlacement(room.Slot, room.Slot, own.Tokens, own.Checkpoint, room.MoveTo);
    }

    /// <summary>Records that what a slot holds was copied to a free one, as a placement says.</summary>
    public void Move(int slot, int to)
    {
        Slot source = _slots[slot];
        Slot destination = _slots[to];
        destination.Tokens.Clear();
        destination.Tokens.AddRange(source.Tokens);
        (destination.Variant, destination.Media, destination.CopiedTo) = (source.Variant, source.Media, source.CopiedTo);
        (destination.LastUse, destination.IsSaved) = (source.LastUse, source.IsSaved);
        foreach (Slot copied in _slots)
        {
            copied.CopiedTo = copied.CopiedTo == slot ? to : copied.CopiedTo;
        }
    }

    /// <summary>
    /// Returns the least recently used of the free slots with few tokens if there are more of them than may be; null otherwise. The memory
    /// of a slot depends little on its number of tokens, so many short prompts would take a lot of it.
    /// </summary>
    public int? FindSurplus()
    {
        int found = 0;
        int oldest = -1;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { IsRunning: false, Tokens.Count: > 0 and < ShortPrefix })
            {
                found++;
                oldest = oldest < 0 || _slots[slot].LastUse < _slots[oldest].LastUse ? slot : oldest;
            }
        }

        return found > _maxShortPrefixes ? oldest : null;
    }

    /// <summary>Records that a free slot holds nothing any more.</summary>
    public void Clear(int slot) => _slots[slot].Tokens.Clear();

    /// <summary>Chooses a slot whose tokens are given up. At least one slot must be free.</summary>
    public SlotPlacement PlaceEmpty()
    {
        int slot = _rooms.Find(except: -1, mayMove: false).Slot;
        return new SlotPlacement(slot, slot, 0);
    }

    /// <summary>Records that a free slot holds other tokens now.</summary>
    public void Fill(int slot, ReadOnlySpan<int> tokens)
    {
        _slots[slot].Tokens.Clear();
        _slots[slot].Tokens.AddRange(tokens);
    }

    /// <summary>
    /// Returns the free slot used last that has not been marked since, and holds enough tokens and nothing else; negative if there is none.
    /// </summary>
    public int FindUnsaved(int leastTokens)
    {
        int found = -1;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { IsRunning: false, IsSaved: false, Media: null } free
                && free.Tokens.Count >= leastTokens
                && (found < 0 || free.LastUse > _slots[found].LastUse))
            {
                found = slot;
            }
        }

        return found;
    }

    /// <summary>Marks a free slot, until a sequence uses it.</summary>
    public void MarkSaved(int slot) => _slots[slot].IsSaved = true;

    /// <summary>Removes the marks of all slots.</summary>
    public void ForgetSaved() => Array.ForEach(_slots, static slot => slot.IsSaved = false);

    /// <summary>
    /// Returns how many prompt tokens a running sequence may have computed for it to pay off to wait until it has computed more of a common
    /// prefix; negative if waiting does not pay off.
    /// </summary>
    /// <param name="prompt">The prompt that could wait.</param>
    /// <param name="running">The prompt of a running sequence that is still prefilling.</param>
    /// <param name="variant">Identifies the adapters of both.</param>
    /// <param name="media">The images and sounds in the prompt that could wait; null if there are none.</param>
    public int TokensWorthWaitingFor(
        ReadOnlySpan<int> prompt, ReadOnlySpan<int> running, object? variant = null, MediaSpans? media = null)
    {
        int worth = CommonPrefix(running, prompt, media) - Math.Max(MinCopied(running.Length), MinAwaitedTokens);
        return worth >= 0 && worth >= CachedTokens(prompt, variant, media) ? worth : -1;
    }

    /// <summary>
    /// Returns a hash of the tokens that prompts must have in common for one to wait for the other. Not 0 for those that could.
    /// </summary>
    public static int HashPrefix(ReadOnlySpan<int> prompt)
    {
        if (prompt.Length <= MinAwaitedTokens)
        {
            return 0;
        }

        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(prompt[..MinAwaitedTokens]));
        return hash.ToHashCode() | 1;
    }

    /// <summary>Starts a sequence in a slot, reusing the first <paramref name="kept"/> tokens.</summary>
    /// <param name="placement">The slot, and the source of the tokens.</param>
    /// <param name="kept">At most the number of cached tokens of the placement.</param>
    /// <param name="variant">Identifies the adapters.</param>
    /// <param name="media">The images and sounds in the prompt; null if there are none.</param>
    public void Begin(SlotPlacement placement, int kept, object? variant = null, MediaSpans? media = null)
    {
        Slot slot = _slots[placement.Slot];
        if (placement.Checkpoint is { } checkpoint && kept > 0)
        {
            _states?.Use(checkpoint);
            slot.Tokens.Clear();
            slot.Tokens.AddRange(checkpoint.Tokens);
        }
        else if (placement.Source == placement.Slot)
        {
            slot.Tokens.RemoveRange(kept, slot.Tokens.Count - kept);
        }
        else
        {
            slot.Tokens.Clear();
            slot.Tokens.AddRange(ContentOf(placement.Source)[..kept]);
        }

        if (placement.Source != placement.Slot)
        {
            _slots[placement.Source].LastUse = ++_clock;
            _slots[placement.Source].CopiedTo = placement.Slot;
        }

        slot.CopiedTo = null;
        slot.Variant = variant;
        slot.Media = media; // what is kept belongs to the prompt
        slot.IsRunning = true;
        _running++;
    }

    /// <summary>Records a decoded token.</summary>
    public void Append(int slot, int token) => _slots[slot].Tokens.Add(token);

    /// <summary>Records that a slot was trimmed to its first <paramref name="length"/> tokens.</summary>
    public void Truncate(int slot, int length)
    {
        List<int> tokens = _slots[slot].Tokens;
        tokens.RemoveRange(length, tokens.Count - length);
    }

    /// <summary>Frees a slot whose sequence has ended.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="keep">Whether its tokens remain available as prefix cache.</param>
    public void End(int slot, bool keep)
    {
        Slot ended = _slots[slot];
        ended.IsRunning = false;
        ended.IsSaved = false;
        ended.LastUse = ++_clock;
        _running--;
        if (!keep)
        {
            ended.Tokens.Clear();
        }
    }

    /// <summary>
    /// Returns how many tokens of a prompt are also in other tokens. The last one is always computed, because its logits are needed for the
    /// first token of the completion, and images and sounds count as a whole.
    /// </summary>
    public static int CommonPrefix(ReadOnlySpan<int> tokens, ReadOnlySpan<int> prompt, MediaSpans? media)
    {
        int common = tokens.CommonPrefixLength(prompt[..^1]);
        return media?.Floor(common) ?? common;
    }

    /// <summary>Returns how many tokens of a prompt can be reused.</summary>
    public int CachedTokens(ReadOnlySpan<int> prompt, object? variant, MediaSpans? media)
    {
        List<Checkpoint> checkpoints = _states?.FindFor(prompt, variant) ?? [];
        int inSlots = LongestMatch(prompt, variant, checkpoints, media).Match.Tokens;
        return _states is { AreComplete: true } && checkpoints is [var longest, ..] ? Math.Max(inSlots, longest.Tokens.Length) : inSlots;
    }

    // Among equal matches, a free slot is preferred, because only a free slot can be reused in place.
    private (int Slot, Match Match) LongestMatch(
        ReadOnlySpan<int> prompt, object? variant, List<Checkpoint> checkpoints, MediaSpans? media)
    {
        int best = -1;
        Match longest = default;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            Match match = MatchOf(slot, prompt, variant, checkpoints, media);
            if (match.Tokens > longest.Tokens
                || (match.Tokens == longest.Tokens && match.Tokens > 0 && _slots[best].IsRunning && !_slots[slot].IsRunning))
            {
                best = slot;
                longest = match;
            }
        }

        return (best, longest);
    }

    private Match MatchOf(int slot, ReadOnlySpan<int> prompt, object? variant, List<Checkpoint> checkpoints, MediaSpans? media)
    {
        if (!Equals(_slots[slot].Variant, variant))
        {
            return default;
        }

        int common = CommonPrefix(ContentOf(slot), prompt, media);
        return _states is null || common == _slots[slot].Tokens.Count
            ? new Match(common, null)
            : checkpoints.Find(checkpoint => checkpoint.Tokens.Length <= common) is { } found ? new Match(found.Tokens.Length, found)
            : default;
    }

    // Unless the model has states that cannot be rewound, the library copies the whole room of a slot.
    private int MinCopied(int held) => MinCopiedTokens + ((_states is null ? _contextLength : held) / CopiedPerComputed);

    // Reuse in place costs nothing, but the rest of the slot's tokens is lost.
    private bool IsWorthReusingInPlace(int slot, int match) =>
        !_slots[slot].IsRunning && _slots[slot].Tokens.Count - match <= match;

    /// <param name="Tokens">How many tokens of a prompt a slot holds in such a way that they can be reused.</param>
    /// <param name="Checkpoint">Where the prompt goes on if the state of the slot cannot be rewound to there.</param>
    private readonly record struct Match(int Tokens, Checkpoint? Checkpoint);
}
