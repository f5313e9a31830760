namespace Orchard.Engine.Scheduling;

/// <summary>How long a decode of one token takes: a mean in which the latest count most. Not thread-safe.</summary>
internal sealed class OneTokenTime
{
    private const double Weight = 0.125;

    // A single measurement may have met something else on the machine.
    private const double LargestRaise = 2;

    private double _ticks; // 0: not known

    /// <summary>Takes note of a decode of one token.</summary>
    public void Learn(TimeSpan elapsed) =>
        _ticks = _ticks == 0 ? elapsed.Ticks : _ticks + (Weight * (Math.Min(elapsed.Ticks, LargestRaise * _ticks) - _ticks));

    /// <summary>How many of them take as long; null when none was seen.</summary>
    public double? CountIn(TimeSpan elapsed) => _ticks == 0 ? null : elapsed.Ticks / _ticks;
}
