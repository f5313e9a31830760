namespace Orchard.Protocol.Messages.Deltas;

/// <summary>One entry of <c>orchard.logprobs</c>: a generated token and its log probability.</summary>
/// <param name="Token">The token id.</param>
/// <param name="Logprob">Natural logarithm of the probability before sampling options changed it.</param>
/// <param name="Bytes">The token's bytes, which may be part of a character; empty for a control token.</param>
/// <param name="Top">The most probable tokens for this position, best first; empty unless the request asked for them.</param>
internal sealed record TokenScore(int Token, double Logprob, byte[] Bytes, TokenScore[] Top);
