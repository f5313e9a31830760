namespace Orchard.Engine.Native.Backends;

/// <summary>What happened when a GPU library was tried out.</summary>
/// <param name="Problem">Why it cannot be used, as a sentence; null if it can.</param>
/// <param name="IsFatal">Whether it ended the process that tried it, or hung.</param>
internal sealed record ProbeResult(string? Problem, bool IsFatal = false);
