namespace Orchard.Engine.Scheduling;

/// <summary>Counters of a scheduler. Each value is exact, but they are not read atomically together.</summary>
/// <param name="DecodeSteps">Number of batches decoded.</param>
/// <param name="GeneratedTokens">Number of tokens sampled, without end-of-generation tokens.</param>
/// <param name="PromptTokens">Number of prompt tokens decoded.</param>
/// <param name="Running">Number of running sequences.</param>
/// <param name="Waiting">Number of queued sequences.</param>
/// <param name="CachedTokens">Number of prompt tokens taken from the prefix cache.</param>
/// <param name="KvTokens">Number of tokens in the KV cache after the last round, including those kept as prefix cache.</param>
/// <param name="HeldSlots">Number of slots with tokens after the last round.</param>
/// <param name="CheckpointBytes">Memory of the checkpoints after the last round.</param>
internal readonly record struct SchedulerStatistics(
    long DecodeSteps,
    long GeneratedTokens,
    long PromptTokens,
    int Running,
    int Waiting,
    long CachedTokens = 0,
    long KvTokens = 0,
    int HeldSlots = 0,
    long CheckpointBytes = 0);
