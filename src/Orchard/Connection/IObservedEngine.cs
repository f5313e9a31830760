namespace Orchard.Connection;

/// <summary>An engine whose heartbeats are published as metrics.</summary>
internal interface IObservedEngine
{
    /// <summary>The engine's process id; null when unknown.</summary>
    int? ProcessId { get; }

    /// <summary>Whether the connection to the engine has ended.</summary>
    bool IsClosed { get; }

    /// <summary>The engine's heartbeats.</summary>
    Heartbeats Heartbeats { get; }
}
