namespace Orchard.Protocol.Processes;

/// <summary>Environment variables that a client sets for an engine process it starts.</summary>
internal static class EngineVariables
{
    /// <summary>How long the engine keeps running without clients, in seconds.</summary>
    public const string GraceSeconds = "ORCHARD_ENGINE_GRACE_SECONDS";
}
