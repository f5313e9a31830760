namespace Orchard.Engine.Scheduling;

/// <summary>Where a new sequence goes, and what it can reuse there.</summary>
/// <param name="Slot">The slot of the sequence.</param>
/// <param name="Source">The slot whose first tokens are reused. The same slot means in place.</param>
/// <param name="CachedTokens">Number of prompt tokens that need not be computed.</param>
/// <param name="Checkpoint">
/// Where the sequence goes on if the state of the source cannot be rewound to these tokens; null if it need not be.
/// </param>
/// <param name="MoveTo">The slot that gets what <paramref name="Slot"/> holds, before anything else; null to give that up.</param>
internal readonly record struct SlotPlacement(
    int Slot, int Source, int CachedTokens, Checkpoint? Checkpoint = null, int? MoveTo = null);
