namespace Orchard.Grammars.Nodes;

/// <summary>Matches its items one after another.</summary>
internal sealed class SequenceNode(IReadOnlyList<GrammarNode> items) : GrammarNode
{
    public IReadOnlyList<GrammarNode> Items { get; } = items;

    public override IReadOnlyList<GrammarNode> Children => Items;
}
