namespace Orchard.Engine.Scheduling;

/// <summary>
/// Waiting sequences that cannot start yet: those that wait until another sequence has computed a common prefix, those without room in the
/// KV cache, those whose first tokens are being read from a file, and those that wait until others leave the KV cache. They are looked at
/// again only when that has changed. Not thread-safe.
/// </summary>
/// <param name="waiting">Receives the sequences that could start.</param>
internal sealed class SequencesAside(WaitingSequences waiting)
{
    // Bounds the time of a round in which many become ready.
    private const int MaxPerRound = 256;

    private readonly Dictionary<Sequence, PriorityQueue<Sequence, int>> _byPrefixSource = [];
    private readonly PriorityQueue<Sequence, int> _byLength = new();
    private readonly Queue<Sequence> _byShare = [];
    private readonly List<Sequence> _byFile = [];

    /// <summary>Sets a sequence aside until another one has computed more prompt tokens than a number, or computes none any more.</summary>
    public void AwaitPrefix(Sequence sequence, Sequence source, int tokens)
    {
        waiting.SetAside(sequence);
        if (!_byPrefixSource.TryGetValue(source, out PriorityQueue<Sequence, int>? queue))
        {
            _byPrefixSource.Add(source, queue = new PriorityQueue<Sequence, int>());
        }

        queue.Enqueue(sequence, tokens);
    }

    /// <summary>Sets a sequence aside until the KV cache has room for its next step.</summary>
    public void AwaitRoom(Sequence sequence)
    {
        waiting.SetAside(sequence);
        _byLength.Enqueue(sequence, sequence.LengthAfter(1));
    }

    /// <summary>Sets a sequence aside until the next round, because others take the room that it needs.</summary>
    public void AwaitShare(Sequence sequence)
    {
        waiting.SetAside(sequence);
        _byShare.Enqueue(sequence);
    }

    /// <summary>Sets a sequence aside until a file with its first tokens is read.</summary>
    public void AwaitFile(Sequence sequence)
    {
        waiting.SetAside(sequence);
        _byFile.Add(sequence);
    }

    /// <summary>Makes those ready that need not wait any longer.</summary>
    /// <param name="allocatedLength">The room per slot.</param>
    /// <param name="stored">Says which sequences still wait for a file; null if none does.</param>
    public void Release(int allocatedLength, StoredPrefixes? stored)
    {
        int released = 0;
        for (int i = _byFile.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _byFile[i];
            if (sequence.State == SequenceState.Ended || stored?.IsAwaitedBy(sequence) != true)
            {
                _byFile.RemoveAt(i);
                waiting.MakeReady(sequence);
            }
        }

        for (; _byShare.Count > 0; released++)
        {
            waiting.MakeReady(_byShare.Dequeue());
        }

        while (released < MaxPerRound && _byLength.TryPeek(out Sequence? sequence, out int length)
            && (length <= allocatedLength || sequence.State == SequenceState.Ended))
        {
            waiting.MakeReady(_byLength.Dequeue());
            released++;
        }

        foreach ((Sequence source, PriorityQueue<Sequence, int> queue) in _byPrefixSource)
        {
            while (released < MaxPerRound && queue.TryPeek(out Sequence? sequence, out int tokens)
                && (source.State != SequenceState.Prefilling || source.ComputedTokens > tokens || sequence.State == SequenceState.Ended))
            {
                waiting.MakeReady(queue.Dequeue());
                released++;
            }

            if (queue.Count == 0)
            {
                _byPrefixSource.Remove(source);
            }
        }
    }
}
