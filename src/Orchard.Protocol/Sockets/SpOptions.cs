namespace Orchard.Protocol.Sockets;

/// <summary>Limits of one socket.</summary>
internal sealed record SpOptions
{
    public static SpOptions Default { get; } = new();

    /// <summary>
    /// Length of the longest message that is sent or accepted, in bytes (default: 256 MiB). A peer that announces a longer one is
    /// disconnected before any memory is allocated for it.
    /// </summary>
    public long MaxMessageBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Most bytes queued for one subscriber before it is disconnected (default: 64 MiB). PUB only.</summary>
    public long MaxQueuedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Time limit for the peer's connection header (default: 10 s).</summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limits the incomplete messages of all connections together (default: null, no limit).</summary>
    public ReceiveBudget? ReceiveBudget { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
