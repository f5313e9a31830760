using Orchard.Grammars.Automata;

namespace Orchard.Grammars.Tokens;

/// <summary>Follows one sequence through a grammar. Not thread-safe.</summary>
internal sealed class GrammarMatcher(TokenGrammar grammar)
{
    private GrammarState _state = grammar.Automaton.Start;

    /// <summary>Whether the text is complete and nothing may follow.</summary>
    public bool IsFinished => _state.IsFinished;

    /// <summary>Whether a token may come next.</summary>
    public bool Allows(int token) =>
        grammar.Vocabulary.IsEnd(token) ? _state.IsComplete : grammar.Follow(_state, token) != grammar.Automaton.Dead;

    /// <summary>
    /// Sets the logits of tokens that are not allowed to negative infinity. A few of the remaining ones may still not be allowed, because
    /// they would repeat a key: <see cref="Allows"/> decides.
    /// </summary>
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

    /// <summary>
    /// Writes the tokens that are expected next, because the grammar leaves nothing else or because they came there before. Returns their
    /// number. Tokens that the model may divide in another way, which is not known yet, are not mixed with others.
    /// </summary>
    /// <param name="tokens">Receives the tokens.</param>
    /// <param name="certain">Receives for each token whether no other one is allowed after the ones before it.</param>
    /// <param name="areUntried">Whether it is not known how the model divides the text.</param>
    public int Expect(Span<int> tokens, Span<bool> certain, out bool areUntried)
    {
        int count = 0;
        areUntried = false;
        for (GrammarState state = _state; count < tokens.Length; count++)
        {
            TokenExpectation expected = grammar.Expect(state);
            areUntried |= count == 0 && expected.IsUntried;
            if (expected.Token < 0 || grammar.Vocabulary.IsEnd(expected.Token) || (expected.IsUntried && !areUntried))
            {
                break;
            }

            state = grammar.Follow(state, expected.Token);
            if (state == grammar.Automaton.Dead)
            {
                break;
            }

            state = grammar.Automaton.Adopt(state);
            tokens[count] = expected.Token;
            certain[count] = expected.IsCertain;
        }

        return count;
    }

    /// <summary>Appends a token to the text.</summary>
    /// <exception cref="InvalidOperationException">The token is not allowed here.</exception>
    public void Accept(int token)
    {
        grammar.Expect(_state).Record(token);
        if (grammar.Vocabulary.IsEnd(token))
        {
            return;
        }

        GrammarState next = grammar.Follow(_state, token);
        _state = next != grammar.Automaton.Dead
            ? grammar.Automaton.Adopt(next)
            : throw new InvalidOperationException($"The grammar does not allow token {token} here.");
    }
}
