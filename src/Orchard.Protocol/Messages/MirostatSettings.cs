namespace Orchard.Protocol.Messages;

/// <summary>Mirostat, version 2.</summary>
/// <param name="Tau">The surprise of a token to hold, in bits.</param>
/// <param name="Eta">How fast it adapts.</param>
internal sealed record MirostatSettings(double Tau, double Eta);
