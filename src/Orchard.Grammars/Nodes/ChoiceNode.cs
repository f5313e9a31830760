namespace Orchard.Grammars.Nodes;

/// <summary>Matches any one of its options.</summary>
internal sealed class ChoiceNode(IReadOnlyList<GrammarNode> options) : GrammarNode
{
    public IReadOnlyList<GrammarNode> Options { get; } = options;

    public override IReadOnlyList<GrammarNode> Children => Options;
}
