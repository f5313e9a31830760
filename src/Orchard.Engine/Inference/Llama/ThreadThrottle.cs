namespace Orchard.Engine.Inference.Llama;

/// <summary>
/// Temporarily reduces the number of compute threads while other programs use the processors. Compute threads wait for each other by
/// spinning after each operation. If one of them loses its processor, all of them stall until it is back, and a step takes ten times as
/// long. Not thread-safe.
/// </summary>
/// <remarks>
/// A reduction is a trial. If tokens take longer than before, as they do when only the client needed the processors for a moment, all
/// threads compute again at once, and no reduction is tried for a while. Because the threads spin, they use the whole time of their
/// processors unless other programs use part of it.
/// </remarks>
internal sealed class ThreadThrottle(TimeProvider time)
{
    // The number of threads is reduced below this share of the possible processor time. The client may use the rest.
    private const double MinShare = 0.75;

    // Longer than the resolution of the system's processor times, and than disturbances that are over before a reduction would help.
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);

    // How long a reduction lasts. It doubles each time the processors are still busy afterwards: most disturbances are short, and each
    // attempt with all threads during a long one is slow.
    private static readonly TimeSpan MinDuration = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(4);

    // How long no reduction is tried after one that did not help.
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    private int _limit = int.MaxValue;
    private long _limitStart;
    private TimeSpan _limitDuration; // zero: all threads had their processors when they last computed
    private TimeSpan _unlimitedTokenTime;
    private long? _failedStart; // when a reduction last did not help
    private TimeSpan _elapsed;
    private TimeSpan _possible;
    private TimeSpan _used;
    private int _tokens;

    private bool IsLimited => _limit != int.MaxValue;

    private bool IsCoolingDown => _failedStart is { } since && time.GetElapsedTime(since) < Cooldown;

    /// <summary>Returns how many of <paramref name="threads"/> threads should compute now, at least one.</summary>
    public int Limit(int threads)
    {
        if (IsLimited && time.GetElapsedTime(_limitStart) >= _limitDuration)
        {
            _limit = int.MaxValue;
            ResetWindow();
        }

        return Math.Min(threads, _limit);
    }

    /// <summary>Records a step.</summary>
    /// <param name="threads">Number of threads that computed.</param>
    /// <param name="tokens">Number of tokens decoded.</param>
    /// <param name="elapsed">Duration of the step.</param>
    /// <param name="processorTime">Processor time that the process used during the step.</param>
    public void Record(int threads, int tokens, TimeSpan elapsed, TimeSpan processorTime)
    {
        if (threads == 1 && !IsLimited)
        {
            return;
        }

        _elapsed += elapsed;
        _possible += elapsed * threads;
        _used += processorTime;
        _tokens += tokens;
        if (_elapsed < Window)
        {
            return;
        }

        if (IsLimited)
        {
            if (_elapsed / _tokens > _unlimitedTokenTime)
            {
                _limit = int.MaxValue;
                _failedStart = time.GetTimestamp();
            }
        }
        else if (_used >= _possible * MinShare)
        {
            _limitDuration = TimeSpan.Zero;
        }
        else if (!IsCoolingDown)
        {
            _limit = threads / 2;
            _limitStart = time.GetTimestamp();
            _unlimitedTokenTime = _elapsed / _tokens;
            _limitDuration = TimeSpan.FromTicks(Math.Clamp(_limitDuration.Ticks * 2, MinDuration.Ticks, MaxDuration.Ticks));
        }

        ResetWindow();
    }

    private void ResetWindow()
    {
        _elapsed = _possible = _used = TimeSpan.Zero;
        _tokens = 0;
    }
}
