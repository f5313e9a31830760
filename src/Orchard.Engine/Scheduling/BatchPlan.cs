namespace Orchard.Engine.Scheduling;

/// <summary>Decides how many tokens of each sequence the next step decodes. Not thread-safe.</summary>
/// <remarks>
/// Each decoding sequence gets one token. The rest of the batch goes to prompts, oldest first. While other sequences decode, prompts are
/// limited to the prefill budget (chunked prefill), so that a long prompt delays their next token but never blocks it. The oldest prompt
/// gets at least one token per step. If the batch cannot hold one token of each decoding sequence, the slots take turns.
/// </remarks>
/// <param name="slots">Number of slots.</param>
/// <param name="batchCapacity">Maximum number of tokens per step, at least 1.</param>
internal sealed class BatchPlan(int slots, int batchCapacity)
{
    private readonly int[] _shares = new int[slots];
    private int _turn;

    /// <summary>Returns the number of tokens of each slot in the next step. The result is valid until the next call.</summary>
    /// <param name="running">The running sequences, oldest first.</param>
    /// <param name="prefillBudget">Maximum number of prompt tokens if other sequences decode, at least 1.</param>
    public Span<int> Next(ReadOnlySpan<SequenceLoad> running, int prefillBudget)
    {
        Array.Clear(_shares);
        int decoding = 0;
        int oldestPrompt = -1;
        for (int i = 0; i < running.Length; i++)
        {
            if (running[i].IsDecoding)
            {
                _shares[running[i].Slot] = 1;
                decoding++;
            }
            else if (oldestPrompt < 0)
            {
                _shares[running[i].Slot] = 1;
                oldestPrompt = i;
            }
        }

        if (decoding >= batchCapacity)
        {
            TakeTurns();
        }
        else if (oldestPrompt >= 0)
        {
            int room = batchCapacity - decoding;
            SharePrefill(running[oldestPrompt..], decoding == 0 ? room : Math.Min(room, prefillBudget));
        }

        return _shares;
    }

    private void SharePrefill(ReadOnlySpan<SequenceLoad> running, int budget)
    {
        foreach (SequenceLoad sequence in running)
        {
            if (!sequence.IsDecoding)
            {
                int share = Math.Min(sequence.PromptTokensLeft, budget);
                _shares[sequence.Slot] = share;
                budget -= share;
            }
        }
    }

    // By slot rather than by index in the list: slots do not change when sequences come and go, so no sequence is skipped.
    private void TakeTurns()
    {
        int room = batchCapacity;
        int nextTurn = _turn;
        for (int i = 0; i < slots; i++)
        {
            int slot = (_turn + i) % slots;
            if (_shares[slot] == 0)
            {
                continue;
            }

            if (room == 0)
            {
                _shares[slot] = 0;
                continue;
            }

            room--;
            nextTurn = (slot + 1) % slots;
        }

        _turn = nextTurn;
    }
}
