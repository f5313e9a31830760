namespace Orchard.Grammars.Regular;

/// <summary>Searches the transition graph of an automaton for states that are useless or lead to finitely many texts only.</summary>
internal static class DfaTrimming
{
    /// <summary>Removes the states that cannot be reached, or from which no text can end.</summary>
    public static (List<CodePointEdge[]> Transitions, List<bool> Accepts) Trim(List<CodePointEdge[]> transitions, List<bool> accepts)
    {
        int count = transitions.Count;
        var reached = new bool[count];
        var live = new bool[count];
        List<int>[] sources = FindSources(transitions);
        Mark(count > 0 ? [0] : [], reached, state => transitions[state].Select(edge => edge.Target));
        Mark(Enumerable.Range(0, count).Where(state => accepts[state]), live, state => sources[state]);

        int[] newIndex = new int[count];
        int kept = 0;
        for (int state = 0; state < count; state++)
        {
            newIndex[state] = reached[state] && live[state] ? kept++ : -1;
        }

        if (count == 0 || newIndex[0] != 0)
        {
            return ([], []);
        }

        int[] useful = [.. Enumerable.Range(0, count).Where(state => newIndex[state] >= 0)];
        return (
            [.. useful.Select(state => transitions[state]
                .Where(edge => newIndex[edge.Target] >= 0)
                .Select(edge => edge with { Target = newIndex[edge.Target] })
                .ToArray())],
            [.. useful.Select(state => accepts[state])]);
    }

    /// <summary>
    /// Finds the states of a trimmed automaton from which only finitely many texts can be completed: those that reach no cycle.
    /// </summary>
    public static bool[] FindFinite(List<CodePointEdge[]> transitions)
    {
        int count = transitions.Count;
        List<int>[] sources = FindSources(transitions);
        int[] edgesToInfinite = [.. transitions.Select(edges => edges.Length)];
        var finite = new bool[count];
        var queue = new Queue<int>(Enumerable.Range(0, count).Where(state => edgesToInfinite[state] == 0));
        while (queue.TryDequeue(out int state))
        {
            finite[state] = true;
            foreach (int source in sources[state])
            {
                if (--edgesToInfinite[source] == 0)
                {
                    queue.Enqueue(source);
                }
            }
        }

        return finite;
    }

    private static List<int>[] FindSources(List<CodePointEdge[]> transitions)
    {
        List<int>[] sources = [.. transitions.Select(_ => new List<int>())];
        for (int state = 0; state < transitions.Count; state++)
        {
            foreach (CodePointEdge edge in transitions[state])
            {
                sources[edge.Target].Add(state);
            }
        }

        return sources;
    }

    private static void Mark(IEnumerable<int> from, bool[] marked, Func<int, IEnumerable<int>> neighbors)
    {
        var open = new Stack<int>(from);
        while (open.TryPop(out int state))
        {
            if (!marked[state])
            {
                marked[state] = true;
                foreach (int neighbor in neighbors(state))
                {
                    open.Push(neighbor);
                }
            }
        }
    }
}
