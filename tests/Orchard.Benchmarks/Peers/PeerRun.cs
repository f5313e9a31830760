namespace Orchard.Benchmarks.Peers;

/// <summary>How several answers at the same time went.</summary>
/// <param name="Milliseconds">From the first request to the end of the last answer.</param>
/// <param name="FirstMilliseconds">For each answer, from the request to its first token.</param>
internal sealed record PeerRun(double Milliseconds, IReadOnlyList<double> FirstMilliseconds);
