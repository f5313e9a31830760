namespace Orchard.Engine.Scheduling;

/// <summary>The texts around the reasoning before an answer. Immutable.</summary>
/// <param name="Start">The text that starts it; ignored if the output starts in it.</param>
/// <param name="End">The text that ends it.</param>
/// <param name="IsOpen">Whether the output starts in it.</param>
internal sealed record ReasoningMarks(string Start, string End, bool IsOpen);
