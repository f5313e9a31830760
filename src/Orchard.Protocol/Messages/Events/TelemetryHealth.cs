namespace Orchard.Protocol.Messages.Events;

/// <summary>Identity, age and load of the engine process.</summary>
internal sealed record TelemetryHealth
{
    public ulong SnapshotVersion { get; init; }

    public ulong UptimeNs { get; init; }

    public ulong MonotonicTimestampNs { get; init; }

    public int Pid { get; init; }

    public int ActiveRuntimes { get; init; }

    public int ActiveRequests { get; init; }

    public double CpuUsagePercent { get; init; }

    public double SystemWattage { get; init; }

    public double SystemTemperature { get; init; }

    public bool ShuttingDown { get; init; }

    public string HealthMessage { get; init => field = value ?? ""; } = "";
}
