namespace Orchard.Protocol;

/// <summary>A folder or socket of a namespace that another user placed, or can change. The message names it and the reason.</summary>
internal sealed class UntrustedPathException(string message) : IOException(message);
