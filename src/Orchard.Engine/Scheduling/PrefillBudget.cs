namespace Orchard.Engine.Scheduling;

/// <summary>
/// How many prompt tokens a step may take beside sequences that decode, so that it takes no more than a few times as long as a step
/// without, or no longer than a reader notices: they slow down and do not stand still. Feels its way, since what prompt tokens cost depends on the model, the machine and
/// the length of the context, and the first of them costs a pass over the weights. Not thread-safe.
/// </summary>
/// <param name="most">The budget until a step without prompt tokens was seen, and its upper bound, at least 1.</param>
internal sealed class PrefillBudget(int most)
{
    // Below this, a pass over the weights gets too little done.
    private const int Least = 8;
    private const int First = 16;

    // How many times as long a step with prompt tokens should take: somewhat less than the 3 that a listener may notice.
    private const double Slowdown = 2.2;

    // A step this long still brings fifty tokens a second.
    private static readonly long Unnoticed = TimeSpan.FromMilliseconds(20).Ticks;

    // One step goes no further than this, up or down: a single measurement may have met something else on the machine.
    private const double LargestCut = 0.7;
    private const double LargestRaise = 1.25;
    private const double Weight = 0.25;

    private double _decodeStep; // ticks of a step without prompt tokens; 0: not known
    private double _tokens = First;

    /// <summary>Prompt tokens of the next step.</summary>
    public int Tokens => _decodeStep == 0 ? most : (int)Math.Clamp(_tokens, Math.Min(Least, most), most);

    /// <summary>How long a step without prompt tokens takes; zero: not known.</summary>
    public TimeSpan DecodeStep => TimeSpan.FromTicks((long)_decodeStep);

    /// <summary>Takes note of a step.</summary>
    /// <param name="promptTokens">Its prompt tokens.</param>
    /// <param name="decoding">Its sequences that decoded.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Learn(int promptTokens, int decoding, TimeSpan elapsed)
    {
        if (promptTokens == 0)
        {
            _decodeStep += (_decodeStep == 0 ? 1 : Weight) * (elapsed.Ticks - _decodeStep);
        }
        else if (decoding > 0 && _decodeStep > 0 && elapsed > TimeSpan.Zero)
        {
            double change = Math.Clamp(Math.Max(Slowdown * _decodeStep, Unnoticed) / elapsed.Ticks, LargestCut, LargestRaise);

            // A step that had less than its budget to do says nothing of what more would cost.
            if (change < 1 || promptTokens >= Tokens)
            {
                _tokens = Math.Clamp(_tokens * change, Math.Min(Least, most), most);
            }
        }
    }
}
