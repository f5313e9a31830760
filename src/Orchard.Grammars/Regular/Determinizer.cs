using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>Makes an automaton deterministic by the subset construction: each new state is a set of old ones.</summary>
internal sealed class Determinizer
{
    // An array and its entry in the index.
    private const int SubsetBytes = 64;

    private readonly Nfa _nfa;
    private readonly CompilationBudget _budget;
    private readonly Dictionary<int[], int> _index = new(new SubsetComparer());
    private readonly List<int[]> _subsets = [];

    private Determinizer(Nfa nfa, CompilationBudget budget)
    {
        _nfa = nfa;
        _budget = budget;
    }

    /// <exception cref="GrammarException">It takes too many states or too much work.</exception>
    public static CodePointDfa Run(Nfa nfa, CompilationBudget budget) => new Determinizer(nfa, budget).Run();

    private CodePointDfa Run()
    {
        var transitions = new List<CodePointEdge[]>();
        var accepts = new List<bool>();

        // '^' holds in the first state only, so a later state with the same subset is a different one: the first has no index.
        _subsets.Add(_nfa.Close([_nfa.Start], atStart: true, atEnd: false));
        for (int i = 0; i < _subsets.Count; i++)
        {
            CodePointEdge[] edges = [.. _subsets[i].SelectMany(_nfa.EdgesOf)];
            var next = new List<CodePointEdge>();
            foreach (CodePointSet part in Partition(edges.Select(edge => edge.On)))
            {
                int first = part.Ranges[0].First;
                int[] targets = [.. edges.Where(edge => edge.On.Contains(first)).Select(edge => edge.Target).Distinct()];
                next.Add(new CodePointEdge(part, IndexOf(_nfa.Close(targets, atStart: false, atEnd: false))));
            }

            transitions.Add([.. next]);
            int[] atEnd = _nfa.HasEndAnchor ? _nfa.Close(_subsets[i], atStart: i == 0, atEnd: true) : _subsets[i];
            accepts.Add(atEnd.Contains(_nfa.End));
        }

        return new CodePointDfa(transitions, accepts);
    }

    private int IndexOf(int[] subset)
    {
        if (!_index.TryGetValue(subset, out int index))
        {
            _budget.SpendBytes((subset.Length * (long)sizeof(int)) + SubsetBytes);
            _index.Add(subset, index = _subsets.Count);
            _subsets.Add(subset);
            AutomatonSize.Check(_subsets.Count);
        }

        return index;
    }

    // Splits the union of the sets into parts whose characters are all in the same sets.
    private IEnumerable<CodePointSet> Partition(IEnumerable<CodePointSet> sets)
    {
        CodePointSet[] all = [.. sets.Distinct()];
        var cuts = new SortedSet<int>();
        foreach ((int first, int last) in all.SelectMany(set => set.Ranges))
        {
            cuts.Add(first);
            cuts.Add(last + 1);
        }

        int[] points = [.. cuts];
        var parts = new Dictionary<string, List<(int, int)>>();
        for (int i = 0; i + 1 < points.Length; i++)
        {
            _budget.Spend(all.Length);
            string members = string.Concat(all.Select(set => set.Contains(points[i]) ? '1' : '0'));
            if (members.Contains('1', StringComparison.Ordinal))
            {
                if (!parts.TryGetValue(members, out List<(int, int)>? part))
                {
                    parts.Add(members, part = []);
                }

                part.Add((points[i], points[i + 1] - 1));
            }
        }

        return parts.Values.Select(part => CodePointSet.Of(part)).Where(part => !part.IsEmpty);
    }

    private sealed class SubsetComparer : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(obj.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
