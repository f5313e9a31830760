namespace Orchard.Grammars.Regular;

/// <summary>A deterministic automaton over code points: a set of texts that can be cut with others, and turned around. Immutable.</summary>
/// <remarks>State 0 is the start. What no transition leads from is refused.</remarks>
internal sealed class CodePointDfa
{
    public const int MaxStates = 20_000;

    private readonly List<(CodePointSet On, int Target)[]> _transitions;
    private readonly List<bool> _accepts;

    public CodePointDfa(List<(CodePointSet On, int Target)[]> transitions, List<bool> accepts)
    {
        (_transitions, _accepts) = Trim(transitions, accepts);
    }

    public int StateCount => _transitions.Count;

    /// <summary>Whether no text is in it.</summary>
    public bool IsEmpty => _transitions.Count == 0;

    /// <summary>Any text of these characters.</summary>
    public static CodePointDfa AnyOf(CodePointSet characters) => new([[(characters, 0)]], [true]);

    /// <summary>Texts of so many characters.</summary>
    public static CodePointDfa OfLength(int min, int? max)
    {
        int count = (max ?? min) + 1;
        if (count > MaxStates)
        {
            throw new GrammarException($"A length of {count - 1:N0} together with other conditions is too much; at most {MaxStates - 1:N0} can be held.");
        }

        var transitions = new List<(CodePointSet, int)[]>(count);
        var accepts = new List<bool>(count);
        for (int i = 0; i < count; i++)
        {
            transitions.Add(i + 1 < count ? [(CodePointSet.All, i + 1)] : max is null ? [(CodePointSet.All, i)] : []);
            accepts.Add(i >= min);
        }

        return new CodePointDfa(transitions, accepts);
    }

    /// <summary>Exactly these texts.</summary>
    public static CodePointDfa OfTexts(IEnumerable<string> texts)
    {
        var transitions = new List<Dictionary<int, int>> { new() };
        var accepts = new List<bool> { false };
        foreach (string text in texts)
        {
            int state = 0;
            foreach (System.Text.Rune rune in text.EnumerateRunes())
            {
                if (!transitions[state].TryGetValue(rune.Value, out int next))
                {
                    next = transitions.Count;
                    transitions[state].Add(rune.Value, next);
                    transitions.Add([]);
                    accepts.Add(false);
                    Check(transitions.Count);
                }

                state = next;
            }

            accepts[state] = true;
        }

        return new CodePointDfa(
            [.. transitions.Select(next => next.Select(pair => (CodePointSet.Of(pair.Key), pair.Value)).ToArray())], accepts);
    }

    public bool Contains(string text)
    {
        int state = IsEmpty ? -1 : 0;
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            if (state < 0)
            {
                return false;
            }

            int next = -1;
            foreach ((CodePointSet on, int target) in _transitions[state])
            {
                if (on.Contains(rune.Value))
                {
                    next = target;
                    break;
                }
            }

            state = next;
        }

        return state >= 0 && _accepts[state];
    }

    /// <summary>The texts that both have.</summary>
    public CodePointDfa Intersect(CodePointDfa other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return new CodePointDfa([], []);
        }

        var index = new Dictionary<(int, int), int> { [(0, 0)] = 0 };
        var order = new List<(int A, int B)> { (0, 0) };
        var transitions = new List<(CodePointSet, int)[]>();
        for (int i = 0; i < order.Count; i++)
        {
            (int a, int b) = order[i];
            var next = new List<(CodePointSet, int)>();
            foreach ((CodePointSet on, int targetA) in _transitions[a])
            {
                foreach ((CodePointSet otherOn, int targetB) in other._transitions[b])
                {
                    CodePointSet both = on.Intersect(otherOn);
                    if (both.IsEmpty)
                    {
                        continue;
                    }

                    if (!index.TryGetValue((targetA, targetB), out int target))
                    {
                        index.Add((targetA, targetB), target = order.Count);
                        order.Add((targetA, targetB));
                        Check(order.Count);
                    }

                    next.Add((both, target));
                }
            }

            transitions.Add([.. next]);
        }

        return new CodePointDfa(transitions, [.. order.Select(pair => _accepts[pair.A] && other._accepts[pair.B])]);
    }

    /// <summary>All other texts.</summary>
    public CodePointDfa Complement()
    {
        int sink = _transitions.Count;
        var transitions = new List<(CodePointSet, int)[]>();
        foreach ((CodePointSet On, int Target)[] next in _transitions)
        {
            CodePointSet missing = CodePointSet.Of(next.SelectMany(entry => entry.On.Ranges)).Complement();
            transitions.Add(missing.IsEmpty ? next : [.. next, (missing, sink)]);
        }

        transitions.Add([(CodePointSet.All, sink)]);
        return new CodePointDfa(transitions, [.. _accepts.Select(accept => !accept), true]);
    }

    /// <summary>Those texts after whose every beginning there are texts without end, so that whatever some are barred, one is left.</summary>
    public CodePointDfa Endless()
    {
        // A state has infinitely many texts exactly when a cycle can be reached from it: every state here leads to an accepting one.
        int count = _transitions.Count;
        int[] toFinite = new int[count];
        var before = new List<int>[count];
        for (int state = 0; state < count; state++)
        {
            before[state] = [];
        }

        for (int state = 0; state < count; state++)
        {
            toFinite[state] = _transitions[state].Length;
            foreach ((_, int target) in _transitions[state])
            {
                before[target].Add(state);
            }
        }

        var finite = new bool[count];
        var queue = new Queue<int>(Enumerable.Range(0, count).Where(state => toFinite[state] == 0));
        while (queue.TryDequeue(out int state))
        {
            finite[state] = true;
            foreach (int source in before[state])
            {
                if (--toFinite[source] == 0)
                {
                    queue.Enqueue(source);
                }
            }
        }

        return count == 0 || finite[0]
            ? new CodePointDfa([], [])
            : new CodePointDfa(
                [.. _transitions.Select((next, state) => finite[state] ? [] : next.Where(entry => !finite[entry.Target]).ToArray())],
                [.. _accepts.Select((accept, state) => accept && !finite[state])]);
    }

    /// <summary>As a part of a grammar: one rule for each state.</summary>
    /// <param name="write">How characters are written there.</param>
    public GrammarNode ToNode(Func<CodePointSet, GrammarNode> write)
    {
        if (IsEmpty)
        {
            return GrammarNode.Nothing;
        }

        GrammarRule[] rules = [.. _transitions.Select((_, state) => new GrammarRule($"state {state}"))];
        for (int state = 0; state < rules.Length; state++)
        {
            var options = new List<GrammarNode>();
            foreach (IGrouping<int, CodePointSet> group in _transitions[state].GroupBy(entry => entry.Target, entry => entry.On))
            {
                options.Add(GrammarNode.Sequence(write(CodePointSet.Of(group.SelectMany(on => on.Ranges))), rules[group.Key]));
            }

            if (_accepts[state])
            {
                options.Add(GrammarNode.Empty);
            }

            rules[state].Body = GrammarNode.Choice(options);
        }

        return rules[0];
    }

    internal static void Check(int states)
    {
        if (states > MaxStates)
        {
            throw new GrammarException($"A pattern, with all that it must hold together with, takes more than {MaxStates:N0} states. Make it simpler.");
        }
    }

    // Without the states that cannot be reached, or from which no text ends.
    private static (List<(CodePointSet, int)[]> Transitions, List<bool> Accepts) Trim(List<(CodePointSet On, int Target)[]> transitions, List<bool> accepts)
    {
        int count = transitions.Count;
        var reached = new bool[count];
        var live = new bool[count];
        var before = new List<int>[count];
        for (int state = 0; state < count; state++)
        {
            before[state] = [];
        }

        for (int state = 0; state < count; state++)
        {
            foreach ((_, int target) in transitions[state])
            {
                before[target].Add(state);
            }
        }

        Spread(count > 0 ? [0] : [], reached, state => transitions[state].Select(entry => entry.Target));
        Spread(Enumerable.Range(0, count).Where(state => accepts[state]), live, state => before[state]);

        int[] place = new int[count];
        int kept = 0;
        for (int state = 0; state < count; state++)
        {
            place[state] = reached[state] && live[state] ? kept++ : -1;
        }

        if (count == 0 || place[0] != 0)
        {
            return ([], []);
        }

        return (
            [.. Enumerable.Range(0, count).Where(state => place[state] >= 0).Select(state =>
                transitions[state].Where(entry => place[entry.Target] >= 0).Select(entry => (entry.On, place[entry.Target])).ToArray())],
            [.. Enumerable.Range(0, count).Where(state => place[state] >= 0).Select(state => accepts[state])]);

        static void Spread(IEnumerable<int> from, bool[] marked, Func<int, IEnumerable<int>> next)
        {
            var open = new Stack<int>(from);
            while (open.TryPop(out int state))
            {
                if (!marked[state])
                {
                    marked[state] = true;
                    foreach (int other in next(state))
                    {
                        open.Push(other);
                    }
                }
            }
        }
    }
}
