using System.Text;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>
/// A deterministic automaton over code points: a regular set of texts. Immutable. <see cref="CodePointDfas"/> creates simple ones.
/// </summary>
/// <remarks>State 0 is the start. A character without a transition is refused.</remarks>
internal sealed class CodePointDfa
{
    private readonly List<CodePointEdge[]> _transitions;
    private readonly List<bool> _accepts;

    public CodePointDfa(List<CodePointEdge[]> transitions, List<bool> accepts)
    {
        (_transitions, _accepts) = DfaTrimming.Trim(transitions, accepts);
    }

    /// <summary>The set without any text.</summary>
    public static CodePointDfa None { get; } = new([], []);

    public int StateCount => _transitions.Count;

    /// <summary>Whether the set contains no text.</summary>
    public bool IsEmpty => _transitions.Count == 0;

    /// <summary>The transitions of a state.</summary>
    public IReadOnlyList<CodePointEdge> EdgesOf(int state) => _transitions[state];

    /// <summary>Whether a text may end in a state.</summary>
    public bool Accepts(int state) => _accepts[state];

    public bool Contains(string text)
    {
        int state = IsEmpty ? -1 : 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (state < 0)
            {
                return false;
            }

            int next = -1;
            foreach (CodePointEdge edge in _transitions[state])
            {
                if (edge.On.Contains(rune.Value))
                {
                    next = edge.Target;
                    break;
                }
            }

            state = next;
        }

        return state >= 0 && _accepts[state];
    }

    /// <summary>Returns the texts that are in both sets.</summary>
    /// <exception cref="GrammarException">It takes too many states or too much work.</exception>
    public CodePointDfa Intersect(CodePointDfa other, CompilationBudget budget)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return None;
        }

        var index = new Dictionary<(int, int), int> { [(0, 0)] = 0 };
        var pairs = new List<(int A, int B)> { (0, 0) };
        var transitions = new List<CodePointEdge[]>();
        for (int i = 0; i < pairs.Count; i++)
        {
            (int a, int b) = pairs[i];
            var next = new List<CodePointEdge>();
            foreach (CodePointEdge edge in _transitions[a])
            {
                foreach (CodePointEdge otherEdge in other._transitions[b])
                {
                    budget.Spend(CompilationBudget.EdgeCost);
                    CodePointSet both = edge.On.Intersect(otherEdge.On);
                    if (both.IsEmpty)
                    {
                        continue;
                    }

                    (int, int) pair = (edge.Target, otherEdge.Target);
                    if (!index.TryGetValue(pair, out int target))
                    {
                        index.Add(pair, target = pairs.Count);
                        pairs.Add(pair);
                        AutomatonSize.Check(pairs.Count);
                    }

                    next.Add(new CodePointEdge(both, target));
                }
            }

            transitions.Add([.. next]);
        }

        return new CodePointDfa(transitions, [.. pairs.Select(pair => _accepts[pair.A] && other._accepts[pair.B])]);
    }

    /// <summary>Returns all texts that are not in the set.</summary>
    public CodePointDfa Complement()
    {
        int sink = _transitions.Count;
        var transitions = new List<CodePointEdge[]>();
        foreach (CodePointEdge[] next in _transitions)
        {
            CodePointSet missing = CodePointSet.Of(next.SelectMany(edge => edge.On.Ranges)).Complement();
            transitions.Add(missing.IsEmpty ? next : [.. next, new CodePointEdge(missing, sink)]);
        }

        transitions.Add([new CodePointEdge(CodePointSet.All, sink)]);
        return new CodePointDfa(transitions, [.. _accepts.Select(accepts => !accepts), true]);
    }

    /// <summary>
    /// Returns the texts whose every prefix has infinitely many continuations in the set. However many of the set's texts are excluded
    /// later, such as the keys that an object already has, one that continues the text so far remains.
    /// </summary>
    public CodePointDfa WithInfiniteContinuations()
    {
        bool[] finite = DfaTrimming.FindFinite(_transitions);
        return finite.Length == 0 || finite[0]
            ? None
            : new CodePointDfa(
                [.. _transitions.Select((edges, state) => finite[state] ? [] : edges.Where(edge => !finite[edge.Target]).ToArray())],
                [.. _accepts.Select((accepts, state) => accepts && !finite[state])]);
    }
}
