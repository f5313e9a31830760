using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>
/// The engine's state as its heartbeat tells it. Every field is written, since one sibling discards a snapshot that lacks one;
/// when read, a part that is missing or null is an empty one.
/// </summary>
internal sealed record Telemetry
{
    public ulong Version { get; init; } = 1;

    public TelemetryHealth Health { get; init => field = value ?? new(); } = new();

    public TelemetryQueues Queues { get; init => field = value ?? new(); } = new();

    public TelemetryMemory Memory { get; init => field = value ?? new(); } = new();

    /// <summary>Ours. Siblings ignore it, and their engine leaves it out.</summary>
    [JsonPropertyName("orchard")]
    public TelemetryProcess? Process { get; init; }

    public IReadOnlyList<TelemetryModel> Models { get; init => field = value ?? []; } = [];
}

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

internal sealed record TelemetryQueues
{
    public int RequestSlotsUsed { get; init; }

    public int RequestSlotsCapacity { get; init; }

    public int ResponseSlotsUsed { get; init; }

    public int ResponseSlotsCapacity { get; init; }

    public int RawRequestQueueDepth { get; init; }

    public int ProcessedSequenceQueueDepth { get; init; }

    public int PostprocessorBacklog { get; init; }

    public int PendingManagementCommands { get; init; }
}

internal sealed record TelemetryMemory
{
    public ulong GpuTotalBytes { get; init; }

    public ulong GpuReservedBytes { get; init; }

    public ulong KvCachePagesTotal { get; init; }

    public ulong KvCachePagesUsed { get; init; }

    public ulong PromptCachePages { get; init; }

    public ulong PromptCacheEvictions { get; init; }
}

internal sealed record TelemetryModel
{
    public const string ReadyState = "Ready";

    public string RequestedId { get; init => field = value ?? ""; } = "";

    public string CanonicalId { get; init => field = value ?? ""; } = "";

    public string LoadState { get; init => field = value ?? ""; } = "";

    public bool RuntimeActive { get; init; }

    public int WaitingSequences { get; init; }

    public int RunningSequences { get; init; }

    public int OverflowBuffer { get; init; }

    public double TokensPerSecond { get; init; }

    public double AvgStepLatencyMs { get; init; }

    /// <summary>Ours. Siblings ignore it, and their engine leaves it out.</summary>
    [JsonPropertyName("orchard")]
    public TelemetryCounters? Counters { get; init; }
}

/// <summary>What our engine says of its process beyond the family's fields.</summary>
internal sealed record TelemetryProcess
{
    /// <summary>Memory of the process that is resident, in bytes.</summary>
    public long ResidentBytes { get; init; }
}

/// <summary>What our engine counts for one model beyond the family's fields, since the engine started.</summary>
internal sealed record TelemetryCounters
{
    /// <summary>While the model is loading: the share that is loaded, 0 to 1.</summary>
    public double? LoadProgress { get; init; }

    /// <summary>Load commands that named the model, those that found it loaded included.</summary>
    public long LoadCommands { get; init; }

    /// <summary>Batched decode calls.</summary>
    public long DecodeSteps { get; init; }

    /// <summary>Tokens generated.</summary>
    public long GeneratedTokens { get; init; }

    /// <summary>Prompt tokens computed.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Prompt tokens that were in the prefix cache and not computed again.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens in the KV cache now, those included that are only kept for later.</summary>
    public long KvTokens { get; init; }

    /// <summary>Tokens that fit the KV cache.</summary>
    public long KvCapacity { get; init; }
}
