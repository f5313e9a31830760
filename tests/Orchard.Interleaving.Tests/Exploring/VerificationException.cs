namespace Orchard.Interleaving;

/// <summary>A scenario found its expectation broken.</summary>
internal sealed class VerificationException(string message) : Exception(message);
