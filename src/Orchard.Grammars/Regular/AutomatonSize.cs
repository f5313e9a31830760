namespace Orchard.Grammars.Regular;

/// <summary>Limits the size of the automata that regular expressions are compiled to.</summary>
internal static class AutomatonSize
{
    public const int MaxStates = 20_000;

    /// <exception cref="GrammarException">There are too many states.</exception>
    public static void Check(int states)
    {
        if (states > MaxStates)
        {
            throw new GrammarException(
                "The regular expression, combined with the other conditions on the same text, "
                + $"needs more than {MaxStates:N0} states. Simplify it.");
        }
    }
}
