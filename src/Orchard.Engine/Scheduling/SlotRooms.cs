namespace Orchard.Engine.Scheduling;

/// <summary>Finds room for new sequences among the slots. Not thread-safe.</summary>
/// <param name="slots">The slots.</param>
/// <param name="canRewind">Whether the state of a slot can be rewound; otherwise tokens are not moved.</param>
internal sealed class SlotRooms(Slot[] slots, bool canRewind)
{
    /// <summary>Nobody misses fewer tokens.</summary>
    public const int LeastMissed = 16;

    /// <summary>Returns how many running slots are beside one.</summary>
    public int RunningNeighbors(int slot) =>
        (slot > 0 && slots[slot - 1].IsRunning ? 1 : 0) + (slot + 1 < slots.Length && slots[slot + 1].IsRunning ? 1 : 0);

    /// <summary>
    /// Returns the free slot whose tokens are missed least. One with more running neighbours is taken instead if its tokens can go there.
    /// </summary>
    /// <param name="except">A slot that must not be taken; negative for none.</param>
    /// <param name="mayMove">Whether tokens may be moved.</param>
    public SlotRoom Find(int except, bool mayMove = true)
    {
        Candidate given = default;
        Candidate beside = default;
        for (int slot = 0; slot < slots.Length; slot++)
        {
            if (!slots[slot].IsRunning && slot != except)
            {
                var free = new Candidate(slot, IsMissed(slot), RunningNeighbors(slot), Age(slot));
                given = free.IsBetterThan(given) ? free : given;
                beside = free.Neighbors > beside.Neighbors ? free : beside;
            }
        }

        return mayMove && canRewind && beside.Neighbors > given.Neighbors
            ? new SlotRoom(beside.Slot, given.Slot, given.IsMissed)
            : new SlotRoom(given.Age is null ? -1 : given.Slot, null, given.IsMissed);
    }

    // Whether a prompt that goes on from a free slot would have to be computed again without its tokens.
    private bool IsMissed(int slot)
    {
        ReadOnlySpan<int> tokens = slots[slot].Content;
        if (tokens.Length < LeastMissed)
        {
            return false;
        }

        // The prompt that went on from there has them in another slot.
        return !(canRewind
            && slots[slot] is { CopiedTo: { } other, Media: null }
            && other != slot
            && slots[other].Media is null
            && Equals(slots[other].Variant, slots[slot].Variant)
            && slots[other].Content.StartsWith(tokens));
    }

    private long Age(int slot) => slots[slot].Tokens.Count == 0 ? 0 : slots[slot].LastUse;

    /// <param name="Slot">A free slot.</param>
    /// <param name="IsMissed">Whether its tokens may be missed.</param>
    /// <param name="Neighbors">Number of running slots beside it.</param>
    /// <param name="Age">When it was used last; null for no slot.</param>
    private readonly record struct Candidate(int Slot, bool IsMissed, int Neighbors, long? Age)
    {
        public bool IsBetterThan(Candidate other) =>
            other.Age is null ? true
            : IsMissed != other.IsMissed ? other.IsMissed
            : IsMissed || Neighbors == other.Neighbors ? Age < other.Age
            : Neighbors > other.Neighbors;
    }
}
