namespace Orchard.Protocol.Messages;

/// <summary>One likely token of the sampled position.</summary>
/// <param name="Token">The token's id as decimal text.</param>
/// <param name="Logprob">Natural logarithm, though the wire calls it probability.</param>
/// <param name="Bytes">The token's bytes when the sender gave them.</param>
internal sealed record TokenLogprob(string Token, double Logprob, byte[]? Bytes = null);
