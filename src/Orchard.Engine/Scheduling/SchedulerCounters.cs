namespace Orchard.Engine.Scheduling;

/// <summary>Maintains <see cref="SchedulerStatistics"/>. Thread-safe without locks.</summary>
internal sealed class SchedulerCounters
{
    private long _decodeSteps;
    private long _generatedTokens;
    private long _promptTokens;
    private long _cachedTokens;
    private long _kvTokens;
    private long _kvTokensInUse;
    private long _checkpointBytes;
    private int _heldSlots;
    private int _running;
    private int _waiting;

    /// <summary>Number of batches decoded so far.</summary>
    public long DecodeSteps => Volatile.Read(ref _decodeSteps);

    public SchedulerStatistics Snapshot() => new()
    {
        DecodeSteps = Volatile.Read(ref _decodeSteps),
        GeneratedTokens = Volatile.Read(ref _generatedTokens),
        PromptTokens = Volatile.Read(ref _promptTokens),
        Running = Volatile.Read(ref _running),
        Waiting = Volatile.Read(ref _waiting),
        CachedTokens = Volatile.Read(ref _cachedTokens),
        KvTokens = Volatile.Read(ref _kvTokens),
        KvTokensInUse = Volatile.Read(ref _kvTokensInUse),
        HeldSlots = Volatile.Read(ref _heldSlots),
        CheckpointBytes = Volatile.Read(ref _checkpointBytes),
    };

    public void Queued() => Interlocked.Increment(ref _waiting);

    public void LeftQueue() => Interlocked.Decrement(ref _waiting);

    public void Started(int cachedTokens)
    {
        Interlocked.Increment(ref _running);
        Interlocked.Add(ref _cachedTokens, cachedTokens);
    }

    public void SetHeld(long kvTokens, long kvTokensInUse, int slots, long checkpointBytes)
    {
        Volatile.Write(ref _kvTokens, kvTokens);
        Volatile.Write(ref _kvTokensInUse, kvTokensInUse);
        Volatile.Write(ref _heldSlots, slots);
        Volatile.Write(ref _checkpointBytes, checkpointBytes);
    }

    public void Finished() => Interlocked.Decrement(ref _running);

    public void Decoded(int promptTokens)
    {
        Interlocked.Increment(ref _decodeSteps);
        Interlocked.Add(ref _promptTokens, promptTokens);
    }

    public void Generated() => Interlocked.Increment(ref _generatedTokens);
}
