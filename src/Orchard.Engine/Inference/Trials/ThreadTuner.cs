using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Inference.Trials;

/// <summary>
/// Measures which numbers of threads decode fastest. Threads wait for each other after each operation, and in a small model this takes
/// longer than computing. In a large one it hardly matters, and is not measured.
/// </summary>
/// <remarks>
/// Decodes of one token and of several tokens are measured separately. The former are bound by memory bandwidth, which a second hardware
/// thread of the same core hardly increases; the latter are bound by computing.
/// </remarks>
internal static class ThreadTuner
{
    private const int MinRepetitions = 2;
    private const int MaxRepetitions = 5;
    private const int BatchTokens = 8;

    // Minimum speedup by more threads, which take processors away from the client.
    private const double MinSpeedup = 1.1;

    // The share of a load that measuring may add, and how long it may take if a load is shorter than anybody notices.
    private const double MaxShare = 0.05;
    private static readonly TimeSpan MinLimit = TimeSpan.FromMilliseconds(20);

    // Each step reads all weights, and one processor hardly reads them faster.
    private const double MaxBytesPerSecond = 100e9;

    /// <summary>Returns how long measuring may take.</summary>
    /// <param name="load">How long the model has been loading.</param>
    public static TimeSpan LimitFor(TimeSpan load) => load * MaxShare < MinLimit ? MinLimit : load * MaxShare;

    /// <summary>Returns whether measuring may be short enough, without computing anything.</summary>
    /// <param name="weightBytes">Bytes of the weights.</param>
    /// <param name="max">Maximum number of threads to try.</param>
    /// <param name="limit">How long measuring may take.</param>
    public static bool MayFit(long weightBytes, int max, TimeSpan limit) =>
        Repetition(TimeSpan.FromSeconds(weightBytes / MaxBytesPerSecond), BatchTokens, max) * MinRepetitions <= limit;

    /// <summary>
    /// Measures and sets the numbers of threads, and returns true, unless that would take longer than the limit. The decoder must be empty,
    /// and is empty afterwards.
    /// </summary>
    /// <param name="decoder">The decoder. The numbers set before are kept if nothing is measured.</param>
    /// <param name="max">Maximum number of threads to try.</param>
    /// <param name="limit">How long measuring may take.</param>
    /// <param name="time">The clock.</param>
    public static bool Tune(LlamaDecoder decoder, int max, TimeSpan limit, TimeProvider time)
    {
        if (max <= 1)
        {
            return false;
        }

        // The first step is not representative, because it reads the weights into memory.
        MeasureStep(decoder, 1, time);
        TimeSpan step = MeasureStep(decoder, 1, time);
        int batch = Math.Min(BatchTokens, decoder.BatchCapacity);
        int repetitions = (int)Math.Min(limit / Repetition(step, batch, max), MaxRepetitions);
        if (repetitions >= MinRepetitions)
        {
            int forOne = FindFastest(decoder, 1, max, repetitions, time);
            int forBatch = FindFastest(decoder, batch, max, repetitions, time);
            decoder.Threads = new ThreadCounts(forOne, forBatch);
        }

        decoder.UnbindThread();
        return repetitions >= MinRepetitions;
    }

    // All numbers in turn, repeatedly, so that other load on the machine affects all of them.
    private static int FindFastest(LlamaDecoder decoder, int tokens, int max, int repetitions, TimeProvider time)
    {
        var shortest = new SortedDictionary<int, TimeSpan>();
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (int threads in Numbers(max))
            {
                decoder.Threads = new ThreadCounts(threads, threads);
                TimeSpan step = MeasureStep(decoder, tokens, time);
                shortest[threads] = repetition == 0 || step < shortest[threads] ? step : shortest[threads];
            }
        }

        int fastest = 1;
        foreach ((int threads, TimeSpan step) in shortest)
        {
            fastest = step * MinSpeedup < shortest[fastest] ? threads : fastest;
        }

        return fastest;
    }

    // At most: a batch takes less than as many steps of one token.
    private static TimeSpan Repetition(TimeSpan step, int batch, int max) => step * (1 + batch) * Numbers(max).Count();

    // 1, 2, 4 and so on, and the maximum itself.
    private static IEnumerable<int> Numbers(int max)
    {
        for (int threads = 1; threads < max; threads *= 2)
        {
            yield return threads;
        }

        yield return max;
    }

    // Decodes one token for each of several sequences, like most real batches, and always at the start of a sequence, because later tokens
    // attend over more cells and would not be comparable.
    private static TimeSpan MeasureStep(LlamaDecoder decoder, int tokens, TimeProvider time)
    {
        int sequences = Math.Min(tokens, decoder.SequenceCapacity);
        BatchToken[] batch =
        [
            .. Enumerable.Range(0, tokens).Select(i => new BatchToken(0, i / sequences, i % sequences, NeedsLogits: i == tokens - 1)),
        ];
        long start = time.GetTimestamp();
        decoder.Decode(batch);
        _ = decoder.GetLogits(tokens - 1); // waits for the computation if it is asynchronous
        TimeSpan elapsed = time.GetElapsedTime(start);
        for (int slot = 0; slot < sequences; slot++)
        {
            decoder.ClearSequence(slot);
        }

        return elapsed;
    }
}
