namespace Orchard.Engine.Scheduling;

/// <summary>Duration of a decode of one token, as an exponential moving average. Not thread-safe.</summary>
internal sealed class SingleTokenTime
{
    private const double Weight = 0.125;

    // Limits the influence of a single measurement, which other load on the machine may have disturbed.
    private const double MaxIncrease = 2;

    private double _ticks; // 0: unknown

    /// <summary>Records a decode of one token.</summary>
    public void Record(TimeSpan elapsed) =>
        _ticks = _ticks == 0 ? elapsed.Ticks : _ticks + (Weight * (Math.Min(elapsed.Ticks, MaxIncrease * _ticks) - _ticks));

    /// <summary>Returns how many single-token decodes fit into a duration, or null if none has been recorded.</summary>
    public double? CountIn(TimeSpan elapsed) => _ticks == 0 ? null : elapsed.Ticks / _ticks;
}
