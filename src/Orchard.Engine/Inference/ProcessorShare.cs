namespace Orchard.Engine.Inference;

/// <summary>
/// Sees whether threads that compute together have their processors to themselves, and lowers their number for a while when not. They wait
/// for each other by spinning, after every operation: when one of them loses its processor to another program, all stand still until it
/// is back, and a step takes ten times as long. Not thread-safe.
/// </summary>
/// <remarks>
/// Fewer are a trial: when tokens take longer with them than before, as they do when it was the client that used the processors for a
/// moment, all compute again at once, and fewer are not tried for a while.
/// Since they spin, they use all of their processors' time unless somebody else does.
/// </remarks>
internal sealed class ProcessorShare(TimeProvider time)
{
    // Of the time that the threads could have had. The client takes some as well, and is worth waiting for.
    private const double Least = 0.75;

    // Long enough for the system's clocks of processor time, and for what is over before fewer threads would help.
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);

    // How long fewer threads compute before more are tried again: twice as long each time that was too early, since most of what takes
    // processors is over soon, and what is not makes each trial a slow one.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    // How long all compute after fewer were no help.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private int _limit = int.MaxValue;
    private long _limited;
    private TimeSpan _pause; // zero: all had their processors to themselves when they last computed
    private TimeSpan _tokenTime; // before there was a limit
    private long? _noHelp;
    private TimeSpan _elapsed;
    private TimeSpan _possible;
    private TimeSpan _used;
    private int _tokens;

    private bool IsLimited => _limit != int.MaxValue;

    // Fewer threads, a short while ago.
    private bool WereNoHelp => _noHelp is { } since && time.GetElapsedTime(since) < Patience;

    /// <summary>How many of so many threads should compute now, at least one.</summary>
    public int Of(int threads)
    {
        if (IsLimited && time.GetElapsedTime(_limited) >= _pause)
        {
            _limit = int.MaxValue;
            Forget();
        }

        return Math.Min(threads, _limit);
    }

    /// <summary>Takes note of a step.</summary>
    /// <param name="threads">How many threads computed.</param>
    /// <param name="tokens">How many tokens they computed.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="processorTime">What the process used of its processors meanwhile.</param>
    public void Learn(int threads, int tokens, TimeSpan elapsed, TimeSpan processorTime)
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
            if (_elapsed / _tokens > _tokenTime)
            {
                _limit = int.MaxValue;
                _noHelp = time.GetTimestamp();
            }
        }
        else if (_used >= _possible * Least)
        {
            _pause = TimeSpan.Zero;
        }
        else if (!WereNoHelp)
        {
            _limit = threads / 2;
            _limited = time.GetTimestamp();
            _tokenTime = _elapsed / _tokens;
            _pause = TimeSpan.FromTicks(Math.Clamp(_pause.Ticks * 2, FirstPause.Ticks, LongestPause.Ticks));
        }

        Forget();
    }

    private void Forget()
    {
        _elapsed = _possible = _used = TimeSpan.Zero;
        _tokens = 0;
    }
}
