namespace Orchard.Benchmarks.Peer;

/// <summary>How a request went.</summary>
/// <param name="Milliseconds">How long all of it took.</param>
/// <param name="FirstMilliseconds">For each prompt, how long it took to its first token.</param>
internal sealed record PeerReply(double Milliseconds, IReadOnlyList<double> FirstMilliseconds);
