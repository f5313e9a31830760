namespace Orchard.Protocol.Processes;

/// <summary>Environment variables that a client sets for an engine process it starts.</summary>
internal static class EngineVariables
{
    /// <summary>How long the engine keeps running without clients, in seconds.</summary>
    public const string GraceSeconds = "ORCHARD_ENGINE_GRACE_SECONDS";

    /// <summary>Most memory that all models together may take, in MiB.</summary>
    public const string MemoryLimit = "ORCHARD_ENGINE_MEMORY_LIMIT";

    /// <summary>How long models stay after their last use, in seconds; -1 for always. Clients read it as well.</summary>
    public const string KeepAlive = "ORCHARD_KEEP_ALIVE";
}
