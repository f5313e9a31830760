namespace Orchard.Remote.Transport;

/// <summary>
/// Notices that nothing arrives for a time. The time runs only between <see cref="Begin"/> and <see cref="End"/>, so that a slow consumer
/// is no stall.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private const long NotWaiting = long.MinValue;

    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Action _stalled;
    private readonly ITimer? _timer;
    private long _since = NotWaiting;

    /// <param name="time">The clock.</param>
    /// <param name="limit">The longest wait; null for no limit.</param>
    /// <param name="stalled">Called once when the limit is exceeded.</param>
    public StallWatch(TimeProvider time, TimeSpan? limit, Action stalled)
    {
        _time = time;
        _limit = limit ?? Timeout.InfiniteTimeSpan;
        _stalled = stalled;
        _timer = limit is null
            ? null
            : time.CreateTimer(static watch => ((StallWatch)watch!).Look(), this, _limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notes that a wait begins.</summary>
    public void Begin() => Volatile.Write(ref _since, _timer is null ? NotWaiting : _time.GetTimestamp());

    /// <summary>Notes that the wait is over.</summary>
    public void End() => Volatile.Write(ref _since, NotWaiting);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    // The timer is set anew only when it fires, not with each wait.
    private void Look()
    {
        long since = Volatile.Read(ref _since);
        TimeSpan left = since == NotWaiting ? _limit : _limit - _time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            _stalled();
        }
        else
        {
            _timer?.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
