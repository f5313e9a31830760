namespace Orchard.Grammars.Nodes;

/// <summary>
/// A set of texts, described as a tree: the common form that JSON Schema, regular expressions and GBNF are translated to. Immutable, except
/// that the body of a <see cref="GrammarRule"/> is set after construction. <see cref="GrammarNodes"/> creates them.
/// </summary>
internal abstract class GrammarNode
{
    private protected GrammarNode()
    {
    }

    /// <summary>
    /// The nodes directly below this one. Does not include the body of a <see cref="GrammarRule"/>, which may be recursive.
    /// </summary>
    public virtual IReadOnlyList<GrammarNode> Children => [];
}
