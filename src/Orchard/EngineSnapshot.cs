namespace Orchard;

/// <summary>What an engine is doing, for all applications that share it. Immutable.</summary>
public sealed class EngineSnapshot
{
    /// <summary>Process id of the engine; null when it did not report it.</summary>
    public int? ProcessId { get; init; }

    /// <summary>How long the engine has been running.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Resident memory of the engine process in bytes, with the pages of mapped model files; null if unknown.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>
    /// The GPU libraries of the engine, and why one is not used. Empty if the engine has none or is still examining them: then it computes
    /// on the processor.
    /// </summary>
    public IReadOnlyList<ComputeBackend> Backends { get; init; } = [];

    /// <summary>Number of requests in progress.</summary>
    public int ActiveRequests { get; init; }

    /// <summary>The models that are loaded, loading or failed to load, in the order of their ids.</summary>
    public IReadOnlyList<EngineModel> Models { get; init; } = [];
}
