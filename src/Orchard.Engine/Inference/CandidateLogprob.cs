namespace Orchard.Engine.Inference;

/// <summary>A candidate token with its log probability.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Logprob">Natural logarithm of its probability according to the model's unmodified logits.</param>
internal readonly record struct CandidateLogprob(int Token, double Logprob);
