using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Regular;

/// <summary>Translates automata to grammar nodes.</summary>
internal static class DfaNodes
{
    /// <summary>Returns a node for the texts of an automaton, with one rule per state.</summary>
    /// <param name="dfa">The automaton.</param>
    /// <param name="write">Returns the node for one character of a set, for example with the escapes of JSON.</param>
    public static GrammarNode ToNode(this CodePointDfa dfa, Func<CodePointSet, GrammarNode> write)
    {
        if (dfa.IsEmpty)
        {
            return GrammarNode.Nothing;
        }

        GrammarRule[] rules = [.. Enumerable.Range(0, dfa.StateCount).Select(state => new GrammarRule($"state {state}"))];
        for (int state = 0; state < rules.Length; state++)
        {
            var options = new List<GrammarNode>();
            foreach (IGrouping<int, CodePointSet> group in dfa.EdgesOf(state).GroupBy(edge => edge.Target, edge => edge.On))
            {
                options.Add(GrammarNode.Sequence(write(CodePointSet.Of(group.SelectMany(on => on.Ranges))), rules[group.Key]));
            }

            if (dfa.Accepts(state))
            {
                options.Add(GrammarNode.Empty);
            }

            rules[state].Body = GrammarNode.Choice(options);
        }

        return rules[0];
    }
}
