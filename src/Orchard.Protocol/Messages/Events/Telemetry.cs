using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Events;

/// <summary>The engine's state as the heartbeat reports it.</summary>
/// <remarks>
/// Every field is written, because some PIE-compatible clients discard a snapshot that lacks one. When read, a missing part is an empty
/// one.
/// </remarks>
internal sealed record Telemetry
{
    public ulong Version { get; init; } = 1;

    public TelemetryHealth Health { get; init => field = value ?? new(); } = new();

    public TelemetryQueues Queues { get; init => field = value ?? new(); } = new();

    public TelemetryMemory Memory { get; init => field = value ?? new(); } = new();

    /// <summary>Orchard extension.</summary>
    [JsonPropertyName("orchard")]
    public TelemetryProcess? Process { get; init; }

    public IReadOnlyList<TelemetryModel> Models { get; init => field = value ?? []; } = [];
}
