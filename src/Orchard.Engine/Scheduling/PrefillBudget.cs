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
/// <param name="decodeStep">Duration of a step without prompt tokens.</param>
/// <param name="slowdown">
/// Target duration of a step with prompt tokens, relative to one without (default: 2.2). A ratio of 3 is noticeable to users.
/// </param>
/// <param name="unnoticed">
/// A shorter duration that is the target anyway (default: 20 ms, with which there are still fifty tokens per second).
/// </param>
internal sealed class PrefillBudget(int max, DecodeStepTime decodeStep, double slowdown = 2.2, TimeSpan? unnoticed = null)
{
    // Smaller budgets make poor use of a pass over the weights.
    private const int Min = 8;
    private const int Initial = 16;

    private const int UnnoticedMilliseconds = 20;

    // Bounds the change per step, because other load on the machine may have disturbed a single measurement.
    private const double MaxDecrease = 0.7;
    private const double MaxIncrease = 1.25;

    // Which part of an increase is made at once: a step that was short by chance must not make the next one long.
    private const double Caution = 0.5;

    private readonly long _unnoticedTicks = (unnoticed ?? TimeSpan.FromMilliseconds(UnnoticedMilliseconds)).Ticks;
    private double _tokens = Initial;

    /// <summary>Maximum number of prompt tokens in the next step.</summary>
    public int Tokens => decodeStep.Ticks == 0 ? max : (int)Math.Clamp(_tokens, Math.Min(Min, max), max);

    /// <summary>Records a step with prompt tokens.</summary>
    /// <param name="promptTokens">Number of prompt tokens in the step.</param>
    /// <param name="decoding">Number of sequences that decoded.</param>
    /// <param name="elapsed">Duration of the step.</param>
    public void Record(int promptTokens, int decoding, TimeSpan elapsed)
    {
        if (decoding > 0 && decodeStep.Ticks > 0 && elapsed > TimeSpan.Zero)
        {
            double change = Math.Max(slowdown * decodeStep.Ticks, _unnoticedTicks) / elapsed.Ticks;
            change = Math.Clamp(change > 1 ? 1 + (Caution * (change - 1)) : change, MaxDecrease, MaxIncrease);

            // A step that did not use up its budget does not show what a larger budget would cost.
            if (change < 1 || promptTokens >= Tokens)
            {
                _tokens = Math.Clamp(_tokens * change, Math.Min(Min, max), max);
            }
        }
    }
}
