namespace Orchard.Engine.Inference;

/// <summary>
/// Finds the number of threads that decodes fastest, by trying: threads wait for each other after every operation, which takes a small
/// model longer than the computing. Takes a few milliseconds for such a model, and a few steps for one of medium size.
/// </summary>
/// <remarks>Not kept for later loads: it costs less than a look at the disk, and what was measured in a bad moment would stay.</remarks>
internal static class ThreadTrial
{
    private const int Steps = 4;

    // A step this long computes far longer than threads wait for each other, and trying would make loading noticeably longer.
    private static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(100);

    // More threads must gain this much: they take processors from whoever reads the answer.
    private const double LeastGain = 1.15;

    /// <summary>Chooses, sets and returns the number of threads. The decoder must be empty, and is again afterwards.</summary>
    /// <param name="decoder">Whose threads to choose. Set to a fair guess, which stays for a large model.</param>
    /// <param name="most">The most to try.</param>
    /// <param name="time">The clock.</param>
    public static int Choose(LlamaDecoder decoder, int most, TimeProvider time)
    {
        int position = 0;

        // The first step brings the weights into memory, and says nothing.
        Step(decoder, time, ref position);
        if (most > 1 && Step(decoder, time, ref position) < LongStep)
        {
            (int chosen, TimeSpan best) = (0, TimeSpan.MaxValue);
            for (int threads = 1; threads <= most; threads = Next(threads, most))
            {
                decoder.Threads = threads;
                TimeSpan step = Fastest(decoder, time, ref position);
                if (chosen == 0 || step * LeastGain < best)
                {
                    (chosen, best) = (threads, step);
                }
            }

            decoder.Threads = chosen;
        }

        decoder.ClearSequence(0);
        return decoder.Threads;
    }

    // 1, 2, 4 and so on, and the most itself.
    private static int Next(int threads, int most) => threads == most ? most + 1 : Math.Min(threads * 2, most);

    private static TimeSpan Fastest(LlamaDecoder decoder, TimeProvider time, ref int position)
    {
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < Steps; i++)
        {
            TimeSpan step = Step(decoder, time, ref position);
            fastest = step < fastest ? step : fastest;
        }

        return fastest;
    }

    private static TimeSpan Step(LlamaDecoder decoder, TimeProvider time, ref int position)
    {
        if (position == decoder.ContextLength)
        {
            decoder.ClearSequence(0);
            position = 0;
        }

        long start = time.GetTimestamp();
        decoder.Decode([new BatchToken(0, position++, Slot: 0, NeedsLogits: true)]);
        _ = decoder.GetLogits(0); // waits for the computation, should the library defer it
        return time.GetElapsedTime(start);
    }
}
