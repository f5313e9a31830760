namespace Orchard;

/// <summary>State of the connection between a <see cref="Client"/> and its engine. An immutable snapshot.</summary>
public sealed record EngineStatus
{
    /// <summary>Whether the client is connected. When it is not, its next call connects.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Process id of the engine; null when the client is not connected, or when the engine did not report it.</summary>
    public int? ProcessId { get; init; }

    /// <summary>
    /// Time since the engine's last heartbeat, or since the connection was made if there has been none; null when the client is not
    /// connected. A healthy engine sends several heartbeats per second. After several seconds without one, the engine hangs or the machine
    /// is short of memory.
    /// </summary>
    public TimeSpan? HeartbeatAge { get; init; }

    /// <summary>
    /// The GPU libraries of the engine, and why one is not used. Empty before the first heartbeat, and if the engine has no such library:
    /// then it computes on the processor.
    /// </summary>
    public IReadOnlyList<ComputeBackend> Backends { get; init; } = [];
}
