using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Events;

/// <summary>What an Orchard engine reports about its process beyond the PIE fields.</summary>
internal sealed record TelemetryProcess
{
    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>The GPU libraries of the engine; null if it has none or has not examined them yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TelemetryBackend>? Backends { get; init; }
}
