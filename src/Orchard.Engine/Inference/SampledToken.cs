namespace Orchard.Engine.Inference;

/// <summary>A token that was chosen, and how probable the model thought it.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Logprob">Natural logarithm of its probability by the model's own logits.</param>
/// <param name="Top">The most probable tokens at its place, best first.</param>
internal sealed record SampledToken(int Token, double Logprob, TokenLikelihood[] Top);

/// <summary>A token that could have been chosen.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Logprob">Natural logarithm of its probability by the model's own logits.</param>
internal readonly record struct TokenLikelihood(int Token, double Logprob);
