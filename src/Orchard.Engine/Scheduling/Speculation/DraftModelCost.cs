namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// What a draft model costs: its steps, and the tokens that it has to read before it can draft. Relative to a round of the model for which
/// it drafts. Not thread-safe.
/// </summary>
/// <remarks>
/// Reading a long prompt is an investment, which pays only if the answer is long enough. So there is a budget: it begins with what is spent
/// on the trust that the draft model was chosen well, grows by one percent of the rounds, and by half of what drafts have saved.
/// </remarks>
/// <param name="sequences">Maximum number of sequences in a batch.</param>
/// <param name="relativeSize">Size of the draft model, relative to the other: its costs before any measurement.</param>
internal sealed class DraftModelCost(int sequences, double relativeSize)
{
    private const double InitialBudget = 32;
    private const double MaxBudget = 64;
    private const double MaxTrial = 2;
    private const double SavedShare = 0.5;
    private const double ReadingPerStep = 0.25; // tokens that are read together take less time than steps
    private const double Weight = 0.2;
    private const double MaxIncrease = 2; // limits the influence of a measurement that other load has disturbed

    private readonly double[] _stepTicks = new double[DraftCost.BucketOf(sequences) + 1]; // 0: unknown
    private double _readTicks; // per token; 0: unknown
    private double _budget = InitialBudget;

    /// <summary>Returns the cost of a step, in which each of a number of sequences gets a token.</summary>
    public double StepOf(int drafts, double roundTicks) =>
        _stepTicks[DraftCost.BucketOf(drafts)] is > 0 and var ticks && roundTicks > 0 ? ticks / roundTicks : relativeSize;

    /// <summary>Returns whether a number of tokens may be read.</summary>
    public bool MayRead(int tokens, double roundTicks, bool isTrial) =>
        tokens * ReadingOf(roundTicks) <= (isTrial ? Math.Min(_budget, MaxTrial) : _budget);

    /// <summary>Records steps.</summary>
    public void RecordSteps(int drafts, int steps, TimeSpan elapsed) =>
        Record(ref _stepTicks[DraftCost.BucketOf(drafts)], (double)elapsed.Ticks / steps);

    /// <summary>Records tokens that were read.</summary>
    public void RecordReading(int tokens, TimeSpan elapsed, double roundTicks)
    {
        Record(ref _readTicks, (double)elapsed.Ticks / tokens);
        _budget -= tokens * ReadingOf(roundTicks);
    }

    /// <summary>Adds to the budget what a round without drafts is worth.</summary>
    public void Earn(double rounds) => _budget = Math.Min(_budget + rounds, MaxBudget);

    /// <summary>Adds to the budget, or takes from it, what a draft has saved or lost.</summary>
    public void Gained(double rounds) => Earn(SavedShare * rounds);

    private double ReadingOf(double roundTicks) =>
        _readTicks > 0 && roundTicks > 0 ? _readTicks / roundTicks : ReadingPerStep * relativeSize;

    private static void Record(ref double known, double ticks) =>
        known = known == 0 ? ticks : known + (Weight * (Math.Min(ticks, MaxIncrease * known) - known));
}
