namespace Orchard.Engine.Scheduling;

/// <summary>What a scheduler has done and is doing. Each number is exact; together they may be a moment apart.</summary>
/// <param name="DecodeSteps">Batched decode calls since the start.</param>
/// <param name="GeneratedTokens">Tokens sampled since the start, end-of-generation tokens excluded.</param>
/// <param name="PromptTokens">Prompt tokens decoded since the start.</param>
/// <param name="Running">Sequences in the batch.</param>
/// <param name="Waiting">Sequences in the queue.</param>
/// <param name="CachedTokens">Prompt tokens that were in the prefix cache, since the start.</param>
/// <param name="KvTokens">Tokens in the KV cache after the last round, those kept for later included.</param>
internal readonly record struct SchedulerStatistics(
    long DecodeSteps, long GeneratedTokens, long PromptTokens, int Running, int Waiting, long CachedTokens = 0, long KvTokens = 0);
