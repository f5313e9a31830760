namespace Orchard.Engine.Scheduling;

/// <summary>
/// Changes the shares of prompts in a batch so that the library computes them in fewer forward passes. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// With separate KV caches, a forward pass has the same number of tokens of each sequence. The library computes prompts of 36, 38 and 39
/// tokens in three passes: 36 tokens of each, then two of the longer ones, then one. A pass over all weights for a few tokens takes as
/// long as one for a dozen. So prompts of nearly the same length get the length of the shortest of them as their share. What is left of
/// them is decoded one token per step, in the same pass as the sequences that generate.
/// </para>
/// <para>
/// A short prompt that does not fit into the rest of a batch waits for the next one. Otherwise its two parts would take a pass each.
/// </para>
/// </remarks>
/// <param name="slots">Number of slots.</param>
internal sealed class PromptAlignment(int slots)
{
    // The number of steps by which the first token of a prompt may be delayed.
    private const int MaxRest = 4;

    // A rest is deferred only if the prompts have at least so many tokens in common for each token of it.
    private const int CommonPerRest = 8;

    private readonly int[] _rests = new int[slots];
    private readonly int[] _slots = new int[slots];
    private readonly int[] _tokens = new int[slots];

    /// <summary>Changes the shares of the next batch.</summary>
    /// <param name="running">The running sequences, oldest first.</param>
    /// <param name="shares">Number of tokens of each slot.</param>
    /// <param name="burstCapacity">
    /// Number of tokens in a batch if prompts may use all of it, so that none has to be cut; null if they are limited.
    /// </param>
    public void Align(ReadOnlySpan<SequenceLoad> running, Span<int> shares, int? burstCapacity)
    {
        bool anyDecodes = false;
        foreach (SequenceLoad sequence in running)
        {
            anyDecodes |= sequence.IsDecoding && shares[sequence.Slot] > 0;
        }

        int count = 0;
        foreach (SequenceLoad sequence in running)
        {
            int slot = sequence.Slot;
            int share = shares[slot];
            if (sequence.IsDecoding || share == 0)
            {
                continue;
            }

            if (_rests[slot] == sequence.PromptTokensLeft && anyDecodes)
            {
                _rests[slot]--;
                shares[slot] = 1;
                continue;
            }

            _rests[slot] = 0;
            if (count > 0 && share < sequence.PromptTokensLeft && sequence.PromptTokensLeft <= burstCapacity / 2)
            {
                shares[slot] = 0;
                continue;
            }

            (_slots[count], _tokens[count]) = (slot, share);
            count++;
        }

        ShortenToCommon(running, shares, count);
    }

    private void ShortenToCommon(ReadOnlySpan<SequenceLoad> running, Span<int> shares, int count)
    {
        Span<int> tokens = _tokens.AsSpan(0, count);
        Span<int> bySize = _slots.AsSpan(0, count);
        tokens.Sort(bySize);
        int common = 0;
        for (int i = 0; i < count; i++)
        {
            int rest = tokens[i] - common;
            if (rest > Math.Min(MaxRest, common / CommonPerRest))
            {
                common = tokens[i];
            }
            else
            {
                shares[bySize[i]] = common;
                _rests[bySize[i]] = rest;
            }
        }

        // Of a prompt that goes on beyond its share anyway, nothing is left in particular.
        foreach (SequenceLoad sequence in running)
        {
            if (_rests[sequence.Slot] != sequence.PromptTokensLeft - shares[sequence.Slot])
            {
                _rests[sequence.Slot] = 0;
            }
        }
    }
}
