using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Compilation;

/// <summary>Collects the steps of a grammar. Equal transitions to the same step are created once.</summary>
/// <param name="budget">Limits the memory of the steps.</param>
internal sealed class StepBuilder(CompilationBudget budget)
{
    private const int MaxSteps = 2_000_000;

    // Of a step, an array of edges and an entry that finds it again.
    private const int StepBytes = 128;
    private const int EdgeBytes = 8;

    /// <summary>The step that returns from a call. It is always there.</summary>
    public const int Return = 0;

    private readonly List<GrammarStep> _steps = [new() { Kind = GrammarStepKind.Return }];
    private readonly Dictionary<ByteEdge, int> _single = [];
    private readonly Dictionary<(CodePointSet, int), int> _characters = [];

    public int Count => _steps.Count;

    /// <summary>Adds a step and returns its index.</summary>
    /// <exception cref="GrammarException">There are too many steps.</exception>
    public int Add(GrammarStep step)
    {
        if (_steps.Count >= MaxSteps)
        {
            throw new GrammarException($"The grammar is too large: it has more than {MaxSteps:N0} steps. Simplify it or lower its counts.");
        }

        budget.SpendBytes(StepBytes);
        _steps.Add(step);
        Spend(step);
        return _steps.Count - 1;
    }

    /// <summary>Reserves a step that is set later, for steps that refer to each other.</summary>
    public int Reserve() => Add(default);

    public void Set(int index, GrammarStep step)
    {
        _steps[index] = step;
        Spend(step);
    }

    /// <summary>Returns a step that reads one byte of a range.</summary>
    public int Read(ByteEdge edge)
    {
        if (!_single.TryGetValue(edge, out int step))
        {
            _single.Add(edge, step = Add(new() { Kind = GrammarStepKind.Read, Edges = [edge] }));
        }

        return step;
    }

    /// <summary>Returns a step that reads bytes.</summary>
    public int Read(ReadOnlySpan<byte> bytes, int next)
    {
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            next = Read(new ByteEdge(bytes[i], bytes[i], next));
        }

        return next;
    }

    /// <summary>Returns a step that reads the UTF-8 encoding of one character of a set.</summary>
    public int Read(CodePointSet set, int next)
    {
        if (_characters.TryGetValue((set, next), out int known))
        {
            return known;
        }

        var edges = new List<ByteEdge>();
        foreach ((int first, int last) in set.Ranges)
        {
            budget.Spend(CompilationBudget.NodeCost);
            foreach ((byte First, byte Last)[] sequence in Utf8Ranges.Split(first, last))
            {
                int target = next;
                for (int i = sequence.Length - 1; i > 0; i--)
                {
                    target = Read(new ByteEdge(sequence[i].First, sequence[i].Last, target));
                }

                edges.Add(new ByteEdge(sequence[0].First, sequence[0].Last, target));
            }
        }

        int step = Add(new() { Kind = GrammarStepKind.Read, Edges = [.. edges] });
        _characters.Add((set, next), step);
        return step;
    }

    public GrammarStep[] ToArray() => [.. _steps];

    // The arrays of a reserved step are null.
    private void Spend(in GrammarStep step) =>
        budget.SpendBytes((EdgeBytes * (step.Edges?.Length ?? 0)) + (sizeof(int) * (step.Targets?.Length ?? 0)));
}
