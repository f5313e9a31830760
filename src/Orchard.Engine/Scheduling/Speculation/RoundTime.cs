namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>How long a round without drafts takes, which is what drafts are compared with. Not thread-safe.</summary>
internal sealed class RoundTime
{
    /// <summary>By how much a measurement may exceed what is expected; other load has disturbed longer ones.</summary>
    public const double MaxIncrease = 2;

    private const double Weight = 0.125;
    private const int First = 4; // rounds that may take longer than later ones
    private const int MaxMissed = 32;

    private int _count;
    private int _missed;

    /// <summary>Average duration in ticks; 0 if unknown.</summary>
    public double Ticks { get; private set; }

    /// <summary>
    /// Whether a round without drafts is due: of the first ones, which show the least that a round takes, and now and then, because texts
    /// grow and other load comes and goes.
    /// </summary>
    public bool IsOutdated => _count < First || _missed >= MaxMissed;

    /// <summary>Records a round with drafts.</summary>
    public void Missed() => _missed++;

    /// <summary>Records a round without drafts.</summary>
    public void Record(TimeSpan elapsed)
    {
        _missed = 0;
        double ticks = Math.Max(elapsed.Ticks, 1);
        Ticks = _count == 0 ? ticks
            : _count < First ? Math.Min(ticks, Ticks)
            : Ticks + (Weight * (Math.Min(ticks, MaxIncrease * Ticks) - Ticks));
        _count = Math.Min(_count + 1, First);
    }
}
