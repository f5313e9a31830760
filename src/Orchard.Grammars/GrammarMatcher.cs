namespace Orchard.Grammars;

/// <summary>Follows one sequence through a grammar. Owned by the scheduler's thread.</summary>
internal sealed class GrammarMatcher(TokenGrammar grammar)
{
    private GrammarState _state = grammar.Automaton.Start;

    /// <summary>Whether the text is complete and nothing may follow.</summary>
    public bool IsFinished => _state.IsFinished;

    /// <summary>Whether a token may come next.</summary>
    public bool Allows(int token) =>
        grammar.Vocabulary.IsEnd(token) ? _state.IsComplete : grammar.Follow(_state, token) != grammar.Automaton.Dead;

    /// <summary>Makes every token impossible that may not come next.</summary>
    public void Restrict(Span<float> logits)
    {
        ulong[] allowed = grammar.FindAllowed(_state);
        for (int token = 0; token < logits.Length; token++)
        {
            if ((allowed[token >> 6] >> token & 1) == 0)
            {
                logits[token] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>Takes a token in.</summary>
    /// <exception cref="InvalidOperationException">It may not come here.</exception>
    public void Accept(int token)
    {
        if (grammar.Vocabulary.IsEnd(token))
        {
            return;
        }

        GrammarState next = grammar.Follow(_state, token);
        _state = next != grammar.Automaton.Dead
            ? grammar.Automaton.Adopt(next)
            : throw new InvalidOperationException($"Token {token} does not follow the grammar.");
    }
}
