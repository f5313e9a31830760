namespace Orchard.Benchmarks.Ensure;

/// <summary>What happens to the callers, in order: each calls, some are cancelled at a random time, and one moment is the end of the load.</summary>
internal static class Schedule
{
    internal enum Kind
    {
        Call,
        Cancel,
        FinishLoad,
    }

    /// <summary>One thing that happens.</summary>
    /// <param name="Kind">What.</param>
    /// <param name="Caller">To whom; of no meaning for the end of the load.</param>
    internal readonly record struct Step(Kind Kind, int Caller);

    /// <summary>
    /// All callers call a model that is not loaded yet. A cancellation comes before the call, while it waits, or after the load.
    /// </summary>
    /// <param name="callers">How many.</param>
    /// <param name="cancelled">How many of them are cancelled; the first caller only when all are.</param>
    /// <param name="seed">Decides who and when.</param>
    public static Step[] Create(int callers, int cancelled, int seed)
    {
        var random = new Random(seed);
        int[] candidates = [.. Enumerable.Range(cancelled == callers ? 0 : 1, cancelled == callers ? callers : callers - 1)];
        random.Shuffle(candidates);

        var timed = new List<(double Time, Step Step)>();
        for (int i = 0; i < callers; i++)
        {
            timed.Add((i, new Step(Kind.Call, i)));
        }

        timed.Add((callers, new Step(Kind.FinishLoad, 0)));
        foreach (int caller in candidates.AsSpan(0, cancelled))
        {
            // From a little before its own call to a little after the end of the load.
            double earliest = caller - (callers * 0.05);
            timed.Add((earliest + (random.NextDouble() * ((callers * 1.05) - earliest)), new Step(Kind.Cancel, caller)));
        }

        return [.. timed.OrderBy(static item => item.Time).Select(static item => item.Step)];
    }
}
