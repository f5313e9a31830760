namespace Orchard.Grammars;

/// <summary>
/// The work and memory that compiling one grammar may take, and its cancellation: one budget for regular expressions, GBNF, schemas and the
/// grammar that they become. Not thread-safe.
/// </summary>
/// <remarks>
/// Limits on the size of an automaton do not bound the time it takes to build it: <c>((){5000}){5000}</c> has two states, but its group is
/// visited 25 million times. Grammars come from callers, so every loop over them spends from a budget. Costs are relative.
/// </remarks>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class CompilationBudget(CancellationToken cancellationToken = default)
{
    /// <summary>The cost of adding a node of the syntax tree to a nondeterministic automaton.</summary>
    public const int NodeCost = 10;

    /// <summary>The cost of visiting a state of a nondeterministic automaton, or a node of a grammar.</summary>
    public const int StateCost = 1;

    /// <summary>The cost of intersecting the characters of two transitions.</summary>
    public const int EdgeCost = 10;

    /// <summary>
    /// The budget. <c>a{5000}</c>, the largest count, searched anywhere in a text takes half of it.
    /// </summary>
    private const int MaxUnits = 50_000_000;

    private const long MaxBytes = 256L << 20;

    // Asking the token at every step would cost more than the step.
    private const int UnitsBetweenChecks = 4096;

    private int _spent;
    private long _bytes;
    private int _nextCheck;

    /// <summary>Returns another budget with the same cancellation, for work that must not use up this one.</summary>
    public CompilationBudget Renewed() => new(cancellationToken);

    /// <summary>Spends units of work.</summary>
    /// <exception cref="GrammarException">The budget is exhausted.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void Spend(int units)
    {
        _spent += units;
        if (_spent >= _nextCheck)
        {
            _nextCheck = _spent + UnitsBetweenChecks;
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (_spent > MaxUnits)
        {
            throw new GrammarException(
                "The grammar, regular expression or schema takes too much work to compile. Simplify it, or use smaller repetition counts.");
        }
    }

    /// <summary>Spends memory that is in use until the grammar is compiled, or that the grammar keeps.</summary>
    /// <exception cref="GrammarException">The budget is exhausted.</exception>
    public void SpendBytes(long bytes)
    {
        _bytes += bytes;
        if (_bytes > MaxBytes)
        {
            throw new GrammarException(
                "The grammar, regular expression or schema takes too much memory to compile. "
                + "Simplify it, or use smaller repetition counts.");
        }
    }
}
