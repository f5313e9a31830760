namespace Orchard.Protocol.Messages;

/// <summary>Ours: one token of a delta and how probable it was.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Logprob">Natural logarithm of its probability, before sampling options changed it.</param>
/// <param name="Bytes">The token's bytes; none for a control token. They need not be whole characters.</param>
/// <param name="Top">The most probable tokens at its place, best first; empty when nobody asked.</param>
internal sealed record TokenScore(int Token, double Logprob, byte[] Bytes, TokenScore[] Top);
