namespace Orchard.Protocol;

/// <summary>A path is relative to the home directory of a user who has none.</summary>
internal sealed class NoHomeDirectoryException(string message) : ArgumentException(message);
