namespace Orchard.Grammars;

/// <summary>The work that compiling the regular expressions of one grammar may take. Not thread-safe.</summary>
/// <remarks>
/// Limits on the size of an automaton do not bound the time it takes to build it: <c>((){5000}){5000}</c> has two states, but its group is
/// visited 25 million times. Expressions come from callers, so every loop over them spends from a budget. Costs are relative.
/// </remarks>
internal sealed class CompilationBudget
{
    /// <summary>The cost of adding a node of the syntax tree to a nondeterministic automaton.</summary>
    public const int NodeCost = 10;

    /// <summary>The cost of visiting a state of a nondeterministic automaton.</summary>
    public const int StateCost = 1;

    /// <summary>The cost of intersecting the characters of two transitions.</summary>
    public const int EdgeCost = 10;

    /// <summary>
    /// The budget. <c>a{5000}</c>, the largest count, searched anywhere in a text takes half of it.
    /// </summary>
    private const int MaxUnits = 50_000_000;

    private int _spent;

    /// <summary>Spends units of work.</summary>
    /// <exception cref="GrammarException">The budget is exhausted.</exception>
    public void Spend(int units)
    {
        _spent += units;
        if (_spent > MaxUnits)
        {
            throw new GrammarException(
                "The regular expression, combined with the other conditions on the same text, takes too much work to compile. "
                + "Use smaller repetition counts.");
        }
    }
}
