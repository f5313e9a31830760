namespace Orchard.Grammars.Nodes;

/// <summary>Matches a text of its body that was not yet a key of the innermost <see cref="ObjectNode"/>.</summary>
internal sealed class KeyNode(GrammarNode body) : GrammarNode
{
    public GrammarNode Body { get; } = body;

    public override IReadOnlyList<GrammarNode> Children => [Body];
}
