namespace Orchard.Cli;

/// <summary>What the user has asked for cannot be done. The message says what to change.</summary>
internal sealed class UsageException(string message) : Exception(message);
