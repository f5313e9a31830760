namespace Orchard.Grammars.Nodes;

/// <summary>Matches its body, in which no two <see cref="KeyNode"/>s match the same text. Nested objects have keys of their own.</summary>
internal sealed class ObjectNode(GrammarNode body) : GrammarNode
{
    public GrammarNode Body { get; } = body;

    public override IReadOnlyList<GrammarNode> Children => [Body];
}
