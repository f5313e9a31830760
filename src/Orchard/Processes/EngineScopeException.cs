namespace Orchard.Processes;

/// <summary>An engine could not be started in a scope of its own. It is then started without.</summary>
internal sealed class EngineScopeException(string message) : Exception(message);
