namespace Orchard.Engine.Inference.Llama;

/// <summary>
/// Measures which numbers of threads decode fastest. Threads wait for each other after each operation, and in a small model this takes
/// longer than computing. Tuning takes a few milliseconds for a small model, and a few steps for a medium-sized one.
/// </summary>
/// <remarks>
/// Decodes of one token and of several tokens are measured separately. The former are bound by memory bandwidth, which a second hardware
/// thread of the same core hardly increases; the latter are bound by computing. Results are not stored: measuring costs less than reading a
/// file, and a measurement disturbed by other load would persist.
/// </remarks>
internal static class ThreadTuner
{
    private const int Repetitions = 5;
    private const int BatchTokens = 8;

    // In longer steps, waiting for each other hardly matters, and measuring would noticeably extend loading.
    private static readonly TimeSpan MaxStep = TimeSpan.FromMilliseconds(100);

    // Minimum speedup by more threads, which take processors away from the client.
    private const double MinSpeedup = 1.1;

    /// <summary>Measures, sets and returns the numbers of threads. The decoder must be empty, and is empty afterwards.</summary>
    /// <param name="decoder">The decoder. The numbers set before are kept for a large model.</param>
    /// <param name="max">Maximum number of threads to try.</param>
    /// <param name="time">The clock.</param>
    public static ThreadCounts Tune(LlamaDecoder decoder, int max, TimeProvider time)
    {
        // The first step is not representative, because it reads the weights into memory.
        MeasureStep(decoder, 1, time);
        TimeSpan step = MeasureStep(decoder, 1, time);
        if (max > 1 && step < MaxStep)
        {
            int singleToken = FindFastest(decoder, 1, max, time);
            int batch = FindFastest(decoder, Math.Min(BatchTokens, decoder.BatchCapacity), max, time);
            decoder.Threads = new ThreadCounts(singleToken, batch);
        }

        decoder.UnbindThread();
        return decoder.Threads;
    }

    // All numbers in turn, repeatedly, so that other load on the machine affects all of them.
    private static int FindFastest(LlamaDecoder decoder, int tokens, int max, TimeProvider time)
    {
        var shortest = new SortedDictionary<int, TimeSpan>();
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            for (int threads = 1; threads <= max; threads = Next(threads, max))
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

    // 1, 2, 4 and so on, and the maximum itself.
    private static int Next(int threads, int max) => threads == max ? max + 1 : Math.Min(threads * 2, max);

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
