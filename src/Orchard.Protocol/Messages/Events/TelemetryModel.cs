using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Events;

/// <summary>State and throughput of one model.</summary>
internal sealed record TelemetryModel
{
    public const string ReadyState = "Ready";
    public const string LoadingState = "Loading";
    public const string FailedState = "Failed";

    public string RequestedId { get; init => field = value ?? ""; } = "";

    public string CanonicalId { get; init => field = value ?? ""; } = "";

    public string LoadState { get; init => field = value ?? ""; } = "";

    public bool RuntimeActive { get; init; }

    public int WaitingSequences { get; init; }

    public int RunningSequences { get; init; }

    public int OverflowBuffer { get; init; }

    public double TokensPerSecond { get; init; }

    public double AvgStepLatencyMs { get; init; }

    /// <summary>Orchard extension.</summary>
    [JsonPropertyName("orchard")]
    public TelemetryCounters? Counters { get; init; }
}
