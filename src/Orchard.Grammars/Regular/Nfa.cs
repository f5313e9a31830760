using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>A nondeterministic automaton over code points, built from the syntax tree of a regular expression.</summary>
internal sealed class Nfa
{
    // A state with its lists, which usually have one target.
    private const int StateBytes = 256;

    private readonly CompilationBudget _budget;
    private readonly List<State> _states = [];

    private Nfa(CompilationBudget budget) => _budget = budget;

    /// <summary>The state before the first character.</summary>
    public int Start { get; private set; }

    /// <summary>The accepting state.</summary>
    public int End { get; private set; }

    /// <summary>Whether the expression has a <c>$</c>.</summary>
    public bool HasEndAnchor { get; private set; }

    /// <summary>Builds an automaton.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="isWhole">Whether the whole text must match; otherwise a match anywhere in the text is enough.</param>
    /// <param name="budget">Limits the work.</param>
    /// <exception cref="GrammarException">It takes too many states or too much work.</exception>
    public static Nfa Build(PatternNode node, bool isWhole, CompilationBudget budget)
    {
        var nfa = new Nfa(budget);
        nfa.End = nfa.Add();
        if (!isWhole)
        {
            nfa._states[nfa.End].On.Add(new CodePointEdge(CodePointSet.All, nfa.End));
        }

        nfa.Start = nfa.Add(node, nfa.End);
        if (!isWhole)
        {
            int before = nfa.Add();
            nfa._states[before].On.Add(new CodePointEdge(CodePointSet.All, before));
            nfa._states[before].Free.Add(nfa.Start);
            nfa.Start = before;
        }

        return nfa;
    }

    /// <summary>The transitions of a state.</summary>
    public IReadOnlyList<CodePointEdge> EdgesOf(int state) => _states[state].On;

    /// <summary>Returns all states that can be reached from the given ones without a character, in ascending order.</summary>
    /// <param name="from">The states to begin with.</param>
    /// <param name="atStart">Whether the text begins here, so that <c>^</c> holds.</param>
    /// <param name="atEnd">Whether the text ends here, so that <c>$</c> holds.</param>
    public int[] Close(IEnumerable<int> from, bool atStart, bool atEnd)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>(from);
        while (open.TryPop(out int state))
        {
            if (seen.Add(state))
            {
                _budget.Spend(CompilationBudget.StateCost);
                State here = _states[state];
                here.Free.ForEach(open.Push);
                if (atStart)
                {
                    here.AtStart.ForEach(open.Push);
                }

                if (atEnd)
                {
                    here.AtEnd.ForEach(open.Push);
                }
            }
        }

        return [.. seen.Order()];
    }

    private int Add()
    {
        _budget.SpendBytes(StateBytes);
        _states.Add(new State());
        AutomatonSize.Check(_states.Count);
        return _states.Count - 1;
    }

    // Adds the states that match a node and continue with the state `next`; returns the first of them. Repetitions add their item several
    // times, so nested ones multiply, even where the item is empty and adds no state: the budget, not the number of states, bounds that.
    private int Add(PatternNode node, int next)
    {
        _budget.Spend(CompilationBudget.NodeCost);
        switch (node)
        {
            case PatternNode.Character character:
                int read = Add();
                _states[read].On.Add(new CodePointEdge(character.Set, next));
                return read;
            case PatternNode.Anchor anchor:
                HasEndAnchor |= !anchor.IsStart;
                int assert = Add();
                (anchor.IsStart ? _states[assert].AtStart : _states[assert].AtEnd).Add(next);
                return assert;
            case PatternNode.Sequence sequence:
                for (int i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    next = Add(sequence.Items[i], next);
                }

                return next;
            case PatternNode.Alternation alternation:
                int fork = Add();
                _states[fork].Free.AddRange(alternation.Options.Select(option => Add(option, next)));
                return fork;
            case PatternNode.Repetition repetition:
                return AddRepetition(repetition, next);
            default:
                throw new NotSupportedException(node.GetType().Name);
        }
    }

    private int AddRepetition(PatternNode.Repetition repetition, int next)
    {
        int step = next;
        if (repetition.Max is { } max)
        {
            for (int i = max; i > repetition.Min; i--)
            {
                int choice = Add();
                _states[choice].Free.AddRange([Add(repetition.Item, step), next]);
                step = choice;
            }
        }
        else
        {
            int loop = Add();
            _states[loop].Free.AddRange([Add(repetition.Item, loop), next]);
            step = loop;
        }

        for (int i = 0; i < repetition.Min; i++)
        {
            step = Add(repetition.Item, step);
        }

        return step;
    }

    private sealed class State
    {
        public List<CodePointEdge> On { get; } = [];

        /// <summary>Targets that need no character.</summary>
        public List<int> Free { get; } = [];

        /// <summary>Targets that need no character, but only at the start of the text.</summary>
        public List<int> AtStart { get; } = [];

        /// <summary>Targets that need no character, but only at the end of the text.</summary>
        public List<int> AtEnd { get; } = [];
    }
}
