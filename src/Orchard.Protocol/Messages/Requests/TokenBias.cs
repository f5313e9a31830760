namespace Orchard.Protocol.Messages.Requests;

/// <summary>A number that is added to the logit of one token before sampling.</summary>
internal readonly record struct TokenBias(int Token, double Bias);
