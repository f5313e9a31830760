namespace Orchard.Engine.Scheduling;

/// <summary>Decides how many tokens of which sequence the next step decodes. Knows neither decoder nor clock. Not thread-safe.</summary>
/// <remarks>
/// Every decoding sequence gets its one token. What is left goes to prompts, oldest first, in chunks: while others decode,
/// no more than the prefill budget, so that a long prompt slows their next token but never blocks it. The oldest prompt is
/// sure of one token a step. When even one token each is more than a batch holds, the slots take turns.
/// </remarks>
/// <param name="slots">How many sequences run at most.</param>
/// <param name="batchCapacity">Tokens of one step, at least 1.</param>
internal sealed class BatchPlan(int slots, int batchCapacity)
{
    private readonly int[] _shares = new int[slots];
    private int _turn;

    /// <summary>Returns each slot's share of the next step, in tokens. Valid until the next call.</summary>
    /// <param name="running">The running sequences, oldest first.</param>
    /// <param name="prefillBudget">Prompt tokens of this step when others decode, at least 1.</param>
    public ReadOnlySpan<int> Next(ReadOnlySpan<SequenceLoad> running, int prefillBudget)
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
            KeepThoseInTurn();
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

    // By slot and not by place in the list: slots stay put when sequences come and go, so nobody is passed over.
    private void KeepThoseInTurn()
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

/// <summary>What one running sequence asks of the next step.</summary>
/// <param name="Slot">Its place in the KV cache.</param>
/// <param name="PromptTokensLeft">Prompt tokens not decoded yet; 0: it decodes, one token a step.</param>
internal readonly record struct SequenceLoad(int Slot, int PromptTokensLeft)
{
    public bool IsDecoding => PromptTokensLeft == 0;
}
