namespace Orchard.Grammars.Nodes;

/// <summary>Matches exactly these bytes.</summary>
internal sealed class LiteralNode(byte[] utf8) : GrammarNode
{
    public byte[] Utf8 { get; } = utf8;
}
