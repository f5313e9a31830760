using System.Runtime.CompilerServices;

namespace Orchard.Grammars.Nodes;

/// <summary>Detects left recursion: a rule that can reach itself without matching a byte would be entered forever.</summary>
internal static class LeftRecursion
{
    /// <summary>Throws for the first rule that can begin with itself.</summary>
    /// <exception cref="GrammarException">There is such a rule.</exception>
    public static void Refuse(IEnumerable<GrammarRule> rules, Func<GrammarNode, bool> isNullable)
    {
        // A depth-first search with its own stack: chains of rules can be longer than the thread's stack is deep.
        var done = new HashSet<GrammarRule>();
        var path = new List<(GrammarRule Rule, List<GrammarRule> Next)>();
        var onPath = new HashSet<GrammarRule>();
        foreach (GrammarRule start in rules)
        {
            Enter(start);
            while (path.Count > 0)
            {
                (GrammarRule rule, List<GrammarRule> next) = path[^1];
                if (next.Count == 0)
                {
                    path.RemoveAt(path.Count - 1);
                    onPath.Remove(rule);
                    continue;
                }

                GrammarRule first = next[^1];
                next.RemoveAt(next.Count - 1);
                if (onPath.Contains(first))
                {
                    throw new GrammarException(
                        $"The rule '{first.Name}' can begin with itself (left recursion). "
                        + "Rewrite it so that each alternative begins with something else.");
                }

                Enter(first);
            }
        }

        void Enter(GrammarRule rule)
        {
            if (done.Add(rule))
            {
                var first = new List<GrammarRule>();
                CollectFirst(rule.Body, first, isNullable);
                path.Add((rule, first));
                onPath.Add(rule);
            }
        }
    }

    // The rules that a text of the node can begin with.
    private static void CollectFirst(GrammarNode node, List<GrammarRule> first, Func<GrammarNode, bool> isNullable)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (node is GrammarRule rule)
        {
            first.Add(rule);
        }

        foreach (GrammarNode child in node.Children)
        {
            CollectFirst(child, first, isNullable);
            if (node is SequenceNode && !isNullable(child))
            {
                break;
            }
        }
    }
}
