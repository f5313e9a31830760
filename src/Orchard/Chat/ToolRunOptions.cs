namespace Orchard;

/// <summary>Limits of a <see cref="ToolRun"/>. Immutable.</summary>
public sealed record ToolRunOptions
{
    private readonly int _maxRounds = 10;
    private readonly int _maxConcurrentCalls = 1;

    /// <summary>
    /// How many answers may call tools, at least 1 (default: 10). After that many, the model is asked for an answer without tools.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxRounds
    {
        get => _maxRounds;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxRounds));
            _maxRounds = value;
        }
    }

    /// <summary>
    /// How many calls of one answer run at the same time, at least 1 (default: 1, one after the other in the order of the answer). Above 1,
    /// the handlers must be thread-safe.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrentCalls
    {
        get => _maxConcurrentCalls;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxConcurrentCalls));
            _maxConcurrentCalls = value;
        }
    }

    /// <summary>
    /// Receives each part of the answers as it is generated; null for none. Called on any thread, one part at a time; the next
    /// part waits until it returns.
    /// </summary>
    public Action<ChatDelta>? OnDelta { get; init; }
}
