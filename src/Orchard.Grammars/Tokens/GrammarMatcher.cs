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

    /// <summary>Appends a token to the text.</summary>
    /// <exception cref="InvalidOperationException">The token is not allowed here.</exception>
    public void Accept(int token)
    {
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
