using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Inference;

/// <summary>Chooses tokens after a bias, and within a grammar if there is one.</summary>
/// <remarks>
/// The grammar looks at the chosen token first, which costs next to nothing and is all there is to do when the model writes what it
/// should. Only when it refuses that token, all others are looked at and the choice is made again among those that are allowed. A token
/// that the grammar does not allow is never taken.
/// </remarks>
/// <param name="bias">Applied before the choice.</param>
/// <param name="choice">Owned.</param>
/// <param name="grammar">What the sequence may be; null: anything.</param>
internal sealed class TokenSampler(LogitBias bias, ITokenChoice choice, GrammarMatcher? grammar) : ISampler
{
    /// <summary>A grammar has a memory, but of the tokens before alone: checking a guess does not disturb it.</summary>
    public bool HasNoMemory => choice.HasNoMemory;

    public bool IsFinished => grammar is { IsFinished: true };

    public int Sample(Span<float> logits)
    {
        bias.Apply(logits);
        int token = choice.Choose(logits) ?? throw SamplerFactory.NoToken();
        if (grammar is not null)
        {
            if (!grammar.Allows(token))
            {
                grammar.Restrict(logits);
                token = ChooseAllowed(logits, grammar);
            }

            grammar.Accept(token);
        }

        choice.Accept(token);
        return token;
    }

    public void Dispose() => choice.Dispose();

    private int ChooseAllowed(Span<float> logits, GrammarMatcher grammar)
    {
        while (choice.Choose(logits) is { } token)
        {
            if (grammar.Allows(token))
            {
                return token;
            }

            logits[token] = float.NegativeInfinity; // one of the few that would write a key again
        }

        throw SamplerFactory.NoAllowedToken();
    }
}
