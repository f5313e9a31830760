namespace Orchard.Engine.Scheduling;

/// <summary>How long a step without prompt tokens takes, which is what steps with them are compared with. Not thread-safe.</summary>
internal sealed class DecodeStepTime
{
    private const double Weight = 0.25;

    // The batch before the embeddings of an image takes longer than it would without them. But if there is no end of images, it is all that
    // is known of how long steps take.
    private const double WeightBesideMedia = 1 / 32.0;
    private const double WeightOfLongerBesideMedia = 1 / 256.0;

    /// <summary>Average duration in ticks; 0 if unknown.</summary>
    public double Ticks { get; private set; }

    /// <summary>Average duration; zero if unknown.</summary>
    public TimeSpan Value => TimeSpan.FromTicks((long)Ticks);

    /// <summary>Records a step without prompt tokens.</summary>
    /// <param name="elapsed">Duration of the step.</param>
    /// <param name="isBesideMedia">Whether it is followed by the embeddings of an image or sound (default: no).</param>
    public void Record(TimeSpan elapsed, bool isBesideMedia = false)
    {
        double weight = Ticks == 0 ? 1
            : !isBesideMedia ? Weight
            : elapsed.Ticks > Ticks ? WeightOfLongerBesideMedia
            : WeightBesideMedia;
        Ticks += weight * (elapsed.Ticks - Ticks);
    }
}
