using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Compilation;

/// <summary>Estimates how many steps a node compiles to.</summary>
internal static class StepEstimate
{
    /// <summary>Returns the estimate, or any number above <paramref name="limit"/> if it exceeds that.</summary>
    public static int Of(GrammarNode node, int limit)
    {
        if (limit <= 0)
        {
            return 1;
        }

        switch (node)
        {
            case LiteralNode literal:
                return literal.Utf8.Length;
            case SequenceNode or ChoiceNode:
                int sum = 1;
                foreach (GrammarNode child in node.Children)
                {
                    if ((sum += Of(child, limit - sum)) > limit)
                    {
                        break;
                    }
                }

                return sum;
            case ObjectNode item:
                return 1 + Of(item.Body, limit);
            case KeyNode key:
                return 2 + Of(key.Body, limit);
            case RepeatNode repeat:
                return (int)Math.Min((long)(repeat.Max ?? 1) * (1 + Of(repeat.Item, limit)), limit + 1);
            default:
                return 1;
        }
    }
}
