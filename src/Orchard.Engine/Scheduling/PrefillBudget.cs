namespace Orchard.Engine.Scheduling;

/// <summary>
/// How many prompt tokens a step may take beside sequences that decode, so that it takes about twice as long as a step without: they
/// slow down and do not stand still. Learns from the steps what both cost on this machine. Not thread-safe.
/// </summary>
/// <param name="most">The budget until enough is known, and its upper bound, at least 1.</param>
internal sealed class PrefillBudget(int most)
{
    /// <summary>Below this, the number of steps costs more than it saves those who decode.</summary>
    private const int Least = 8;

    // How much a new measurement counts against the ones before.
    private const double Weight = 0.25;

    private double _decodeStep; // ticks of a step without prompt tokens; 0: not known
    private double _promptToken; // ticks that a prompt token adds to a step; 0: not known

    /// <summary>Prompt tokens of the next step.</summary>
    public int Tokens => _decodeStep == 0 || _promptToken == 0
        ? most
        : (int)Math.Clamp(_decodeStep / _promptToken, Math.Min(Least, most), most);

    /// <summary>Takes note of a step.</summary>
    /// <param name="promptTokens">Its prompt tokens.</param>
    /// <param name="decoding">Its sequences that decoded.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Learn(int promptTokens, int decoding, TimeSpan elapsed)
    {
        if (promptTokens == 0)
        {
            _decodeStep = Blend(_decodeStep, elapsed.Ticks);
        }
        else if (decoding == 0 || _decodeStep > 0)
        {
            double added = elapsed.Ticks - (decoding == 0 ? 0 : _decodeStep);
            _promptToken = Blend(_promptToken, Math.Max(added, 0) / promptTokens);
        }
    }

    private static double Blend(double before, double now) => before == 0 ? now : before + (Weight * (now - before));
}
