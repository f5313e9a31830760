namespace Orchard.Engine.Inference;

/// <summary>A sampled token with its log probability.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Logprob">Natural logarithm of its probability according to the model's unmodified logits.</param>
/// <param name="Top">The most probable tokens at its position, in descending order.</param>
internal sealed record SampledToken(int Token, double Logprob, CandidateLogprob[] Top);
