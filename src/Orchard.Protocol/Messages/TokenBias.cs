namespace Orchard.Protocol.Messages;

/// <summary>Added to the logit of one token before sampling.</summary>
internal readonly record struct TokenBias(int Token, double Bias);
