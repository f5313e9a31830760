using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>Decides which waiting sequences start, and starts them. Not thread-safe.</summary>
/// <param name="decoder">Creates the samplers.</param>
/// <param name="sequences">The waiting and running sequences.</param>
/// <param name="cache">Checked for room.</param>
internal sealed class Admission(IDecoder decoder, SequenceTable sequences, CacheGrowth cache)
{
    /// <summary>Starts waiting sequences as long as there are free slots.</summary>
    public void Admit()
    {
        while (sequences.HasFreeSlot && Next() is { } sequence)
        {
            sequences.Waiting.Remove(sequence);
            Start(sequence);
        }
    }

    // The longest waiting sequence of the client with the fewest running ones, so that a client with many requests cannot starve others.
    private Sequence? Next()
    {
        Sequence? next = null;
        int fewest = int.MaxValue;
        foreach (Sequence sequence in sequences.Waiting)
        {
            int running = CountRunning(sequence.ClientId);

            // Requests with a common prefix often arrive together. One of them computes the prefix while the others wait for it.
            if (running < fewest && cache.HasRoom(sequence) && !sequences.IsPrefixBeingComputed(sequence))
            {
                next = sequence;
                fewest = running;
            }

            if (fewest == 0)
            {
                break;
            }
        }

        return next;
    }

    private int CountRunning(ulong clientId)
    {
        int count = 0;
        foreach (Sequence sequence in sequences.Running)
        {
            count += sequence.ClientId == clientId ? 1 : 0;
        }

        return count;
    }

    private void Start(Sequence sequence)
    {
        ISampler sampler;
        try
        {
            sampler = decoder.CreateSampler(sequence.Sampling);
        }
        catch (Exception exception)
        {
            sequences.End(sequence, SequenceEnd.Failed(exception));
            return;
        }

        sequences.Start(sequence, sampler);
    }
}
