namespace Orchard.Connection;

/// <summary>
/// Delay before an engine that exited unexpectedly is replaced: none if it had answered a request, and an increasing one while engines
/// exit before they have. Used by one attempt at a time.
/// </summary>
internal sealed class RestartBackoff(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _lastFailure;

    /// <summary>Waits before the next start.</summary>
    /// <param name="hadAnswered">Whether the previous engine had sent a part of any answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAsync(bool hadAnswered, CancellationToken cancellationToken)
    {
        TimeSpan delay = Next(hadAnswered);
        return delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, cancellationToken);
    }

    /// <summary>Records one more exit and returns the delay before the next start.</summary>
    public TimeSpan Next(bool hadAnswered)
    {
        if (hadAnswered || (_failures > 0 && time.GetElapsedTime(_lastFailure) > Forgotten))
        {
            _failures = 0;
        }

        if (hadAnswered)
        {
            return TimeSpan.Zero;
        }

        _lastFailure = time.GetTimestamp();
        int doublings = Math.Min(_failures++ - 1, 16);
        return doublings < 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Shortest.Ticks << doublings, Longest.Ticks));
    }
}
