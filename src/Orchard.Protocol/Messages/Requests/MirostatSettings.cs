namespace Orchard.Protocol.Messages.Requests;

/// <summary>Parameters of Mirostat sampling, version 2.</summary>
/// <param name="Tau">Target surprisal of a token, in bits.</param>
/// <param name="Eta">Learning rate.</param>
internal sealed record MirostatSettings(double Tau, double Eta);
