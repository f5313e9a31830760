namespace Orchard.Engine.Inference;

/// <summary>
/// Finds the numbers of threads that decode fastest, by trying: threads wait for each other after every operation, which takes a small
/// model longer than the computing. Takes a few milliseconds for such a model, and a few steps for one of medium size.
/// </summary>
/// <remarks>
/// One token and several are tried apart: one waits for memory, which a second processor of the same core hardly helps, and several
/// compute. Not kept for later loads: it costs less than a look at the disk, and what was measured in a bad moment would stay.
/// </remarks>
internal static class ThreadTrial
{
    private const int Turns = 5;
    private const int Several = 8;

    // A step this long computes far longer than threads wait for each other, and trying would make loading noticeably longer.
    private static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(100);

    // More threads must gain this much: they take processors from whoever reads the answer.
    private const double LeastGain = 1.1;

    /// <summary>Chooses, sets and returns the numbers of threads. The decoder must be empty, and is again afterwards.</summary>
    /// <param name="decoder">Whose threads to choose. Set to fair guesses, which stay for a large model.</param>
    /// <param name="most">The most to try.</param>
    /// <param name="time">The clock.</param>
    public static ThreadCounts Choose(LlamaDecoder decoder, int most, TimeProvider time)
    {
        // The first step brings the weights into memory, and says nothing.
        Step(decoder, 1, time);
        TimeSpan step = Step(decoder, 1, time);
        if (most > 1 && step < LongStep)
        {
            int one = Fastest(decoder, 1, most, time);
            int several = Fastest(decoder, Math.Min(Several, decoder.BatchCapacity), most, time);
            decoder.Threads = new ThreadCounts(one, several);
        }

        decoder.Rest();
        return decoder.Threads;
    }

    // In turns, so that what else happens on the machine meanwhile meets all of them.
    private static int Fastest(LlamaDecoder decoder, int tokens, int most, TimeProvider time)
    {
        var fastest = new SortedDictionary<int, TimeSpan>();
        for (int turn = 0; turn < Turns; turn++)
        {
            for (int threads = 1; threads <= most; threads = Next(threads, most))
            {
                decoder.Threads = new ThreadCounts(threads, threads);
                TimeSpan step = Step(decoder, tokens, time);
                fastest[threads] = turn == 0 || step < fastest[threads] ? step : fastest[threads];
            }
        }

        int chosen = 1;
        foreach ((int threads, TimeSpan step) in fastest)
        {
            chosen = step * LeastGain < fastest[chosen] ? threads : chosen;
        }

        return chosen;
    }

    // 1, 2, 4 and so on, and the most itself.
    private static int Next(int threads, int most) => threads == most ? most + 1 : Math.Min(threads * 2, most);

    // One token each of several sequences, as most steps of several tokens are, and always as the first: later ones look back at more,
    // and would not compare.
    private static TimeSpan Step(LlamaDecoder decoder, int tokens, TimeProvider time)
    {
        int sequences = Math.Min(tokens, decoder.SequenceCapacity);
        BatchToken[] batch = [.. Enumerable.Range(0, tokens).Select(i => new BatchToken(0, i / sequences, i % sequences, NeedsLogits: i == tokens - 1))];
        long start = time.GetTimestamp();
        decoder.Decode(batch);
        _ = decoder.GetLogits(tokens - 1); // waits for the computation, should the library defer it
        TimeSpan elapsed = time.GetElapsedTime(start);
        for (int slot = 0; slot < sequences; slot++)
        {
            decoder.ClearSequence(slot);
        }

        return elapsed;
    }
}
