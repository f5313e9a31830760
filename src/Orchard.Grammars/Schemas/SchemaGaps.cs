namespace Orchard.Grammars.Schemas;

/// <summary>Collects what a grammar does not enforce of a schema, or refuses it. Not thread-safe.</summary>
/// <param name="isStrict">Whether a keyword that cannot be enforced is refused.</param>
/// <param name="budget">Limits the work of compiling the schema; null for a budget of its own.</param>
internal sealed class SchemaGaps(bool isStrict, CompilationBudget? budget = null)
{
    private readonly List<SchemaGap> _found = [];
    private readonly HashSet<(string, string?)> _known = [];

    public bool IsStrict { get; } = isStrict;

    /// <summary>Limits the work of compiling the schema.</summary>
    public CompilationBudget Budget { get; } = budget ?? new CompilationBudget();

    /// <summary>What was found, in the order of compilation.</summary>
    public IReadOnlyList<SchemaGap> Found => _found;

    /// <summary>Adds a problem, which is validated after generation.</summary>
    /// <exception cref="SchemaException">A keyword that cannot be enforced is refused.</exception>
    public void Add(SchemaException problem)
    {
        if (IsStrict)
        {
            throw problem;
        }

        Add(new SchemaGap(problem.Path, problem.Keyword, problem.Problem, problem.IsMeaningless));
    }

    /// <summary>Adds a keyword that the standard allows to be ignored. It is never refused.</summary>
    public void AddIgnored(string path, string keyword, string problem) => Add(new SchemaGap(path, keyword, problem, IsIgnored: true));

    private void Add(SchemaGap gap)
    {
        if (_known.Add((gap.Path, gap.Keyword)))
        {
            _found.Add(gap);
        }
    }
}
