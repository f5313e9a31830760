namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>How often drafted tokens of one source come true in one sequence. Not thread-safe.</summary>
/// <param name="weight">Weight of each token in the estimate.</param>
internal sealed class DraftAccuracy(double weight)
{
    /// <summary>Estimated probability that a drafted token is accepted if the ones before it are; null before any was tested.</summary>
    public double? Value { get; private set; }

    /// <summary>Records the outcome of a draft.</summary>
    /// <param name="drafted">Number of drafted tokens, at least one.</param>
    /// <param name="accepted">Number of accepted tokens.</param>
    /// <param name="average">The accuracy in other sequences, from which an estimate starts.</param>
    public void Record(int drafted, int accepted, double average)
    {
        double accuracy = Value ?? average;
        for (int i = 0; i < accepted; i++)
        {
            accuracy += weight * (1 - accuracy);
        }

        Value = accuracy - (accepted < drafted ? weight * accuracy : 0);
    }
}
