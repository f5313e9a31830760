using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>Decides which waiting sequences start, and starts them. Not thread-safe.</summary>
/// <param name="decoder">Creates the samplers.</param>
/// <param name="sequences">The waiting and running sequences.</param>
/// <param name="cache">Checked for room.</param>
/// <param name="stored">What is kept on disk; null for nothing.</param>
internal sealed class Admission(IDecoder decoder, SequenceTable sequences, CacheGrowth cache, StoredPrefixes? stored)
{
    // Bounds the time of a round in which many sequences turn out to have to wait: comparing a prompt with the slots takes microseconds.
    private const int MaxSetAsidePerRound = 64;

    private readonly SequencesAside _aside = new(sequences.Waiting);

    /// <summary>Starts waiting sequences as long as there are free slots.</summary>
    public void Admit()
    {
        _aside.Release(decoder.AllocatedLength, stored);
        int setAside = 0;
        while (sequences.HasFreeSlot && setAside < MaxSetAsidePerRound && sequences.Waiting.TryPeek(out Sequence? sequence))
        {
            if (MayStart(sequence))
            {
                Start(sequence);
            }
            else
            {
                setAside++;
            }
        }
    }

    private bool MayStart(Sequence sequence)
    {
        if (cache.AwaitsShare(sequence))
        {
            _aside.AwaitShare(sequence);
            return false;
        }

        if (!cache.HasRoom(sequence))
        {
            _aside.AwaitRoom(sequence);
            return false;
        }

        // Requests with a common prefix often arrive together. One of them computes the prefix while the others wait for it.
        if (sequences.FindPrefixSource(sequence, out int tokens) is { } source)
        {
            _aside.AwaitPrefix(sequence, source, tokens);
            return false;
        }

        if (stored is null)
        {
            return true;
        }

        if (stored.IsAwaitedBy(sequence))
        {
            _aside.AwaitFile(sequence);
            return false;
        }

        if (sequences.Running.Count > 0 && stored.AwaitsDecode(sequence))
        {
            _aside.AwaitShare(sequence);
            return false;
        }

        return true;
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
