namespace Orchard.Engine.Scheduling;

/// <summary>Counters of a scheduler. Each value is exact, but they are not read atomically together.</summary>
internal readonly record struct SchedulerStatistics
{
    /// <summary>Number of batches decoded.</summary>
    public required long DecodeSteps { get; init; }

    /// <summary>Number of tokens sampled, without end-of-generation tokens.</summary>
    public required long GeneratedTokens { get; init; }

    /// <summary>Number of prompt tokens decoded.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Number of running sequences.</summary>
    public int Running { get; init; }

    /// <summary>Number of queued sequences.</summary>
    public int Waiting { get; init; }

    /// <summary>Number of prompt tokens taken from the prefix cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Number of tokens in the KV cache after the last round, including those kept as prefix cache.</summary>
    public long KvTokens { get; init; }

    /// <summary>Number of tokens of running sequences in the KV cache after the last round.</summary>
    public long KvTokensInUse { get; init; }

    /// <summary>Number of slots with tokens after the last round.</summary>
    public int HeldSlots { get; init; }

    /// <summary>Memory of the checkpoints after the last round, in bytes.</summary>
    public long CheckpointBytes { get; init; }
}
