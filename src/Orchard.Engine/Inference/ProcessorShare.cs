namespace Orchard.Engine.Inference;

/// <summary>
/// Sees whether threads that compute together have their processors to themselves, and lowers their number for a while when not. They wait
/// for each other by spinning, after every operation: when one of them loses its processor to another program, all stand still until it
/// is back, and a step takes ten times as long. Not thread-safe.
/// </summary>
/// <remarks>Since they spin, they use all of their processors' time unless somebody else does.</remarks>
internal sealed class ProcessorShare(TimeProvider time)
{
    // Of the time that the threads could have had. The client takes some as well, and is worth waiting for.
    private const double Least = 0.75;

    // Long enough for the system's clocks of processor time, and for what is over before fewer threads would help.
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);

    // How long fewer threads compute before more are tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private int _limit = int.MaxValue;
    private long _limited;
    private TimeSpan _elapsed;
    private TimeSpan _possible;
    private TimeSpan _used;

    /// <summary>How many of so many threads should compute now, at least one.</summary>
    public int Of(int threads)
    {
        if (_limit != int.MaxValue && time.GetElapsedTime(_limited) >= Pause)
        {
            _limit = int.MaxValue;
        }

        return Math.Min(threads, _limit);
    }

    /// <summary>Takes note of a step.</summary>
    /// <param name="threads">How many threads computed.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="processorTime">What the process used of its processors meanwhile.</param>
    public void Learn(int threads, TimeSpan elapsed, TimeSpan processorTime)
    {
        if (threads == 1)
        {
            return;
        }

        _elapsed += elapsed;
        _possible += elapsed * threads;
        _used += processorTime;
        if (_elapsed < Window)
        {
            return;
        }

        if (_used < _possible * Least)
        {
            _limit = threads / 2;
            _limited = time.GetTimestamp();
        }

        _elapsed = _possible = _used = TimeSpan.Zero;
    }
}
