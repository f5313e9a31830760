namespace Orchard.Architecture.Tests.Rules;

/// <summary>Cycles in directed graphs.</summary>
internal static class StronglyConnected
{
    /// <summary>Returns the groups of two or more nodes that reach one another.</summary>
    public static List<List<T>> Components<T>(IReadOnlyCollection<T> nodes, Func<T, IEnumerable<T>> next)
        where T : notnull
    {
        Dictionary<T, int> index = [];
        Dictionary<T, int> low = [];
        Stack<T> open = [];
        HashSet<T> isOpen = [];
        List<List<T>> components = [];
        foreach (T node in nodes)
        {
            if (!index.ContainsKey(node))
            {
                Visit(node);
            }
        }

        return components;

        // Tarjan's algorithm; the recursion is as deep as the longest path through a project's files.
        void Visit(T node)
        {
            index[node] = low[node] = index.Count;
            open.Push(node);
            isOpen.Add(node);
            foreach (T target in next(node))
            {
                if (!index.TryGetValue(target, out int seen))
                {
                    Visit(target);
                    low[node] = Math.Min(low[node], low[target]);
                }
                else if (isOpen.Contains(target))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] == index[node])
            {
                List<T> component = [];
                T member;
                do
                {
                    member = open.Pop();
                    isOpen.Remove(member);
                    component.Add(member);
                }
                while (!member.Equals(node));

                if (component.Count > 1)
                {
                    components.Add(component);
                }
            }
        }
    }

    /// <summary>Returns the nodes of a shortest cycle among the given ones, starting at any of them; empty when there is none.</summary>
    public static List<T> ShortestCycle<T>(IReadOnlyCollection<T> nodes, Func<T, IEnumerable<T>> next)
        where T : notnull
    {
        List<T> shortest = [];
        foreach (T start in nodes)
        {
            List<T> cycle = CycleThrough(start, next);
            if (cycle.Count > 0 && (shortest.Count == 0 || cycle.Count < shortest.Count))
            {
                shortest = cycle;
            }
        }

        return shortest;
    }

    private static List<T> CycleThrough<T>(T start, Func<T, IEnumerable<T>> next)
        where T : notnull
    {
        Dictionary<T, T> cameFrom = [];
        Queue<T> queue = new([start]);
        while (queue.TryDequeue(out T? node))
        {
            foreach (T target in next(node))
            {
                if (target.Equals(start))
                {
                    List<T> cycle = [node];
                    while (!cycle[^1].Equals(start))
                    {
                        cycle.Add(cameFrom[cycle[^1]]);
                    }

                    cycle.Reverse();
                    return cycle;
                }

                if (cameFrom.TryAdd(target, node))
                {
                    queue.Enqueue(target);
                }
            }
        }

        return [];
    }
}
