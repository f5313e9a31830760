namespace Orchard.Protocol.Messages.Deltas;

/// <summary>One entry of <c>top_logprobs</c>: a candidate token for the sampled position.</summary>
/// <param name="Token">The token id as decimal text.</param>
/// <param name="Logprob">Natural logarithm of the probability, although the wire calls it <c>probability</c>.</param>
/// <param name="Bytes">The token's bytes, if the sender included them.</param>
internal sealed record TokenLogprob(string Token, double Logprob, byte[]? Bytes = null);
