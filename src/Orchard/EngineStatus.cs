namespace Orchard;

/// <summary>How the connection of a <see cref="Client"/> to its engine stands. A snapshot, immutable.</summary>
public sealed record EngineStatus
{
    /// <summary>Whether there is a connection. Without one, the next call makes it.</summary>
    public bool IsConnected { get; init; }

    /// <summary>The engine's process id; null without a connection, or when the engine did not say.</summary>
    public int? ProcessId { get; init; }

    /// <summary>
    /// The time since the engine's last heartbeat, or since the connection while none has come; null without a connection. An engine
    /// that is well sends some every second: when it has been silent for several, it hangs, or the machine is short of memory.
    /// </summary>
    public TimeSpan? HeartbeatAge { get; init; }
}
