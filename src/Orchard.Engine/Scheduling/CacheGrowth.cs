using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// Grows the KV cache before sequences run out of room, and shares it among them. Sequences without room wait; all others continue. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// The room of all sequences together can be less than that of each of them: a KV cache takes memory for the tokens that it holds. The
/// sequence that started first always has the room of a whole context, so that it can be completed, and then the next one. The others
/// share what is left, in the order in which they started.
/// </remarks>
/// <param name="decoder">Holds the KV cache.</param>
/// <param name="sequences">The waiting and running sequences.</param>
internal sealed class CacheGrowth(IDecoder decoder, SequenceTable sequences)
{
    // Growing takes time, so it starts this many tokens ahead: more than a second of a single completion on a small machine.
    private const int Lookahead = 64;

    private int _lookahead = Lookahead;

    /// <summary>Whether a larger KV cache is being allocated in the background, which makes steps slower.</summary>
    public bool IsGrowing { get; private set; }

    /// <summary>Returns whether the next step of a sequence fits into the KV cache as it is now.</summary>
    public bool HasRoom(Sequence sequence) => sequence.LengthAfter(1) <= decoder.AllocatedLength && HasShare(sequence);

    /// <summary>Returns how many tokens a sequence may decode beside those of its next step.</summary>
    public int DraftRoom(Sequence sequence) => Math.Min(decoder.AllocatedLength - sequence.LengthAfter(1), SharedRoom());

    /// <summary>Returns whether a waiting sequence that would have room in a slot has to wait until others end.</summary>
    public bool AwaitsShare(Sequence sequence) => sequence.LengthAfter(1) <= decoder.AllocatedLength && !HasShare(sequence);

    /// <summary>Requests room for the longest sequence. Ends that sequence if its next step does not fit and there is no memory.</summary>
    public void Reserve()
    {
        if (Longest(sequences.Running, sequences.Waiting.Longest) is not { } longest)
        {
            return;
        }

        try
        {
            IsGrowing = !decoder.TryReserve(longest.LengthAfter(_lookahead));
        }
        catch (Exception exception)
        {
            IsGrowing = false;
            if (HasRoom(longest))
            {
                _lookahead = 1; // reserving ahead would fail again in each round
            }
            else
            {
                sequences.End(longest, SequenceEnd.Failed(exception));
            }
        }
    }

    // All sequences fit nearly always, and then the first comparison decides.
    private bool HasShare(Sequence sequence)
    {
        long rest = decoder.TokenCapacity - decoder.ContextLength;
        if (rest >= (long)(decoder.SequenceCapacity - 1) * decoder.ContextLength)
        {
            return true;
        }

        bool isFirst = true;
        foreach (Sequence running in sequences.Running)
        {
            if (running.State == SequenceState.Ended)
            {
                continue;
            }

            rest -= isFirst ? 0 : running.LengthAfter(1);
            if (running == sequence)
            {
                return isFirst || rest >= 0;
            }

            isFirst = false;
        }

        return isFirst || rest >= sequence.LengthAfter(1);
    }

    // What all sequences together leave, divided among them.
    private int SharedRoom()
    {
        if (decoder.TokenCapacity >= (long)decoder.SequenceCapacity * decoder.ContextLength)
        {
            return int.MaxValue;
        }

        long room = decoder.TokenCapacity;
        int count = 1;
        foreach (Sequence running in sequences.Running)
        {
            if (running.State != SequenceState.Ended)
            {
                room -= running.LengthAfter(1);
                count++;
            }
        }

        return (int)Math.Clamp(room / count, 0, int.MaxValue);
    }

    private Sequence? Longest(List<Sequence> running, Sequence? longest)
    {
        foreach (Sequence sequence in running)
        {
            if (sequence.State != SequenceState.Ended && !(sequence.LengthAfter(_lookahead) <= longest?.LengthAfter(_lookahead)))
            {
                longest = sequence;
            }
        }

        return longest;
    }
}
