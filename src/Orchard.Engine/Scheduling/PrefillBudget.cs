namespace Orchard.Engine.Scheduling;

/// <summary>
/// Limits how many prompt tokens a step may process while other sequences decode, so that the step takes no more than a few times as long
/// as one without prompt tokens, or stays below what a reader notices. Not thread-safe.
/// </summary>
/// <remarks>
/// The budget adapts to measured steps. The cost of prompt tokens depends on the model, the machine and the context length, and the first
/// prompt token of a step costs a pass over the weights.
/// </remarks>
/// <param name="max">
/// Upper bound of the budget, at least 1. It is also the budget until a step without prompt tokens has been recorded.
/// </param>
internal sealed class PrefillBudget(int max)
{
    // Smaller budgets make poor use of a pass over the weights.
    private const int Min = 8;
    private const int Initial = 16;

    // Target duration of a step with prompt tokens, relative to one without. A ratio of 3 is noticeable to users.
    private const double TargetSlowdown = 2.2;

    // Steps of this duration still produce fifty tokens per second.
    private static readonly long UnnoticedTicks = TimeSpan.FromMilliseconds(20).Ticks;

    // Bounds the change per step, because other load on the machine may have disturbed a single measurement.
    private const double MaxDecrease = 0.7;
    private const double MaxIncrease = 1.25;
    private const double Weight = 0.25;

    private double _decodeStepTicks; // 0: unknown
    private double _tokens = Initial;

    /// <summary>Maximum number of prompt tokens in the next step.</summary>
    public int Tokens => _decodeStepTicks == 0 ? max : (int)Math.Clamp(_tokens, Math.Min(Min, max), max);

    /// <summary>Duration of a step without prompt tokens; zero if unknown.</summary>
    public TimeSpan DecodeStepTime => TimeSpan.FromTicks((long)_decodeStepTicks);

    /// <summary>Records a step.</summary>
    /// <param name="promptTokens">Number of prompt tokens in the step.</param>
    /// <param name="decoding">Number of sequences that decoded.</param>
    /// <param name="elapsed">Duration of the step.</param>
    public void Record(int promptTokens, int decoding, TimeSpan elapsed)
    {
        if (promptTokens == 0)
        {
            _decodeStepTicks += (_decodeStepTicks == 0 ? 1 : Weight) * (elapsed.Ticks - _decodeStepTicks);
        }
        else if (decoding > 0 && _decodeStepTicks > 0 && elapsed > TimeSpan.Zero)
        {
            double target = Math.Max(TargetSlowdown * _decodeStepTicks, UnnoticedTicks);
            double change = Math.Clamp(target / elapsed.Ticks, MaxDecrease, MaxIncrease);

            // A step that did not use up its budget does not show what a larger budget would cost.
            if (change < 1 || promptTokens >= Tokens)
            {
                _tokens = Math.Clamp(_tokens * change, Math.Min(Min, max), max);
            }
        }
    }
}
