namespace Orchard.Engine.Scheduling;

/// <summary>Room for a new sequence.</summary>
/// <param name="Slot">The slot; negative if there is none.</param>
/// <param name="MoveTo">Where the tokens go that it holds; null if they are given up.</param>
/// <param name="IsMissed">Whether tokens are given up that may be missed.</param>
internal readonly record struct SlotRoom(int Slot, int? MoveTo, bool IsMissed);
