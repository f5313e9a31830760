namespace Orchard.Models.Sources;

/// <summary>
/// Whether someone who failed is asked again: not for a second, doubling to thirty with each further failure, and then by one call at a
/// time until one succeeds. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Circuit(TimeProvider time)
{
    private const int MaxDoublings = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private int _failures; // guarded by _gate; in a row
    private long _pausedAt; // guarded by _gate; the last failure or trial
    private long _failedAt; // guarded by _gate
    private Exception? _error; // guarded by _gate

    /// <summary>Why the last call failed; null if it did not.</summary>
    public Exception? Error
    {
        get
        {
            lock (_gate)
            {
                return _error;
            }
        }
    }

    /// <summary>Whether others should be asked if possible. False for the next trial.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return IsPaused;
            }
        }
    }

    // Callers hold _gate.
    private bool IsPaused => _failures > 0 && time.GetElapsedTime(_pausedAt) < Pause;

    private TimeSpan Pause =>
        _failures > MaxDoublings ? LongestPause : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << (_failures - 1), LongestPause.Ticks));

    /// <summary>Begins a call; others do not try for a while if this one is a trial.</summary>
    /// <returns>False if others should be asked if possible.</returns>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (IsPaused)
            {
                return false;
            }

            _pausedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Notes that a call had an answer.</summary>
    public void Succeed()
    {
        lock (_gate)
        {
            (_failures, _error) = (0, null);
        }
    }

    /// <summary>Notes that a call failed. Those that were in flight at an earlier failure count as one with it.</summary>
    /// <param name="begin">When the call began, as a timestamp of the clock.</param>
    /// <param name="error">Why it failed.</param>
    public void Fail(long begin, Exception error)
    {
        lock (_gate)
        {
            _error = error;
            if (_failures > 0 && begin <= _failedAt)
            {
                return;
            }

            _failures++;
            _failedAt = _pausedAt = time.GetTimestamp();
        }
    }
}
