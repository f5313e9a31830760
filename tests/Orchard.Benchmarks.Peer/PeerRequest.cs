namespace Orchard.Benchmarks.Peer;

/// <summary>What the benchmark asks for.</summary>
/// <param name="Prompts">Prompts to continue at the same time.</param>
/// <param name="Tokens">Number of tokens to generate for each.</param>
/// <param name="Reload">Whether to load the model again instead.</param>
internal sealed record PeerRequest(IReadOnlyList<string> Prompts, int Tokens, bool Reload);
