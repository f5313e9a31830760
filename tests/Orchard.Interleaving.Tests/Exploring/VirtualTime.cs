namespace Orchard.Interleaving;

/// <summary>The clock of a schedule: stands still while anybody can go on, and then jumps to the next timer.</summary>
internal sealed class VirtualTime(Action<string, Action> queue) : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that will still fire.</summary>
    public int Active => _timers.Count;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass until the next timer is due; false when there is none.</summary>
    public bool TryPass()
    {
        if (_timers.Count == 0)
        {
            return false;
        }

        Timer next = _timers[0];
        foreach (Timer timer in _timers)
        {
            next = timer.Due < next.Due ? timer : next;
        }

        _now = Math.Max(_now, next.Due);
        _timers.Remove(next);
        if (next.Period > TimeSpan.Zero)
        {
            next.Change(next.Period, next.Period);
        }

        queue("timer", next.Fire);
        return true;
    }

    private sealed class Timer(VirtualTime time, Action callback) : ITimer
    {
        private bool _disposed;

        public long Due { get; private set; }

        public TimeSpan Period { get; private set; }

        public void Fire()
        {
            if (!_disposed)
            {
                callback();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._timers.Remove(this);
            if (_disposed)
            {
                return false;
            }

            Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Due = time._now + dueTime.Ticks;
                time._timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            time._timers.Remove(this);
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
