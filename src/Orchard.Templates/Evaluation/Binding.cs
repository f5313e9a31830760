namespace Orchard.Templates.Evaluation;

/// <summary>A slot that may hold the value of a name.</summary>
/// <param name="Depth">The number of functions between the name and the slot's frame.</param>
/// <param name="Slot">The index in the frame.</param>
/// <param name="IsFinal">Whether the name is undefined when this slot is unset.</param>
internal readonly record struct Binding(int Depth, int Slot, bool IsFinal);
