using System.Runtime.CompilerServices;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Compilation;

/// <summary>Rewrites nodes so that they match the same texts except for the empty one.</summary>
/// <param name="analysis">Knows the nodes.</param>
/// <param name="budget">Limits the work.</param>
internal sealed class EmptyTextRemover(GrammarAnalysis analysis, CompilationBudget budget)
{
    private readonly Dictionary<GrammarRule, GrammarRule> _rewritten = [];

    /// <exception cref="GrammarException">The node is one that cannot be rewritten: free text.</exception>
    public GrammarNode RemoveFrom(GrammarNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!analysis.IsNullable(node))
        {
            return node;
        }

        switch (node)
        {
            case LiteralNode:
                return GrammarNode.Nothing;
            case SequenceNode sequence:
                // Choose the first item that matches some text; those before it are empty.
                budget.Spend(CompilationBudget.NodeCost * sequence.Items.Count);
                budget.SpendBytes((long)sequence.Items.Count * sequence.Items.Count * IntPtr.Size);
                return GrammarNode.Choice(
                    [.. sequence.Items.Select((item, i) => GrammarNode.Sequence([RemoveFrom(item), .. sequence.Items.Skip(i + 1)]))]);
            case ChoiceNode choice:
                return GrammarNode.Choice([.. choice.Options.Select(RemoveFrom)]);
            case RepeatNode repeat:
                return GrammarNode.Repeat(RemoveFrom(repeat.Item), 1, repeat.Max);
            case GrammarRule rule:
                if (!_rewritten.TryGetValue(rule, out GrammarRule? rewritten))
                {
                    _rewritten.Add(rule, rewritten = new GrammarRule(rule.Name));
                    rewritten.Body = RemoveFrom(rule.Body);
                }

                return rewritten;
            default:
                // Free text. Objects and keys are never empty, because JSON writes brackets and quotes.
                throw new GrammarException("Free text cannot be part of a counted repetition.");
        }
    }
}
