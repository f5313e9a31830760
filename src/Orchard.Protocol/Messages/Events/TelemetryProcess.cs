namespace Orchard.Protocol.Messages.Events;

/// <summary>What an Orchard engine reports about its process beyond the PIE fields.</summary>
internal sealed record TelemetryProcess
{
    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes { get; init; }
}
