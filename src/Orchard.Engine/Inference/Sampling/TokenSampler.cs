using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Samples tokens with a logit bias, penalties and an optional grammar.</summary>
/// <remarks>
/// The grammar first checks only the selected token, which is cheap and usually enough. Only if it rejects that token, the whole vocabulary
/// is checked and a token is selected again among the allowed ones. A token that the grammar does not allow is never returned.
/// </remarks>
/// <param name="bias">Applied first.</param>
/// <param name="penalties">Applied before selection.</param>
/// <param name="selector">Selects a token.</param>
/// <param name="grammar">State of the grammar; null for none.</param>
internal sealed class TokenSampler(LogitBias bias, ILogitPenalty[] penalties, ITokenSelector selector, GrammarMatcher? grammar) : ISampler
{
    public bool IsFinished => grammar is { IsFinished: true };

    public int Sample(Span<float> logits)
    {
        bias.Apply(logits);
        foreach (ILogitPenalty penalty in penalties)
        {
            penalty.Apply(logits);
        }

        int token = selector.Select(logits) ?? throw new DecodeException(
            "No token can be sampled: every logit is NaN or negative infinity. Check the logit bias and the model file.");
        if (grammar is not null)
        {
            if (!grammar.Allows(token))
            {
                grammar.Restrict(logits);
                token = SelectAllowed(logits, grammar);
            }

        }

        Accept(token);
        return token;
    }

    public int Expect(Span<int> tokens, Span<bool> certain, out bool areUntried)
    {
        areUntried = false;
        int count = grammar?.Expect(tokens, certain, out areUntried) ?? 0;
        for (int i = 0; i < count; i++)
        {
            certain[i] &= selector.IsStateless && !bias.Excludes(tokens[i]);
        }

        return count;
    }

    public void Accept(int token)
    {
        grammar?.Accept(token);
        foreach (ILogitPenalty penalty in penalties)
        {
            penalty.Accept(token);
        }

        selector.Accept(token);
    }

    private int SelectAllowed(Span<float> logits, GrammarMatcher grammar)
    {
        while (selector.Select(logits) is { } token)
        {
            if (grammar.Allows(token))
            {
                return token;
            }

            logits[token] = float.NegativeInfinity; // one of the few tokens that would repeat a key
        }

        throw new DecodeException(
            "No token can be sampled: the logit bias excludes every token that the response format allows at this position. "
            + "Remove the logit bias or the response format.");
    }
}
