using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>The syntax tree of a regular expression. Immutable.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    /// <summary>One character of a set.</summary>
    public sealed record Character(CodePointSet Set) : PatternNode;

    /// <summary>The anchor <c>^</c> or <c>$</c>.</summary>
    public sealed record Anchor(bool IsStart) : PatternNode;

    /// <summary>A condition on the text that follows: that the item matches at its start, or that it does not.</summary>
    public sealed record LookAhead(PatternNode Item, bool IsNegative) : PatternNode;

    /// <summary>Items one after another.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Items) : PatternNode;

    /// <summary>One of several alternatives.</summary>
    public sealed record Alternation(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <summary>An item from <paramref name="Min"/> to <paramref name="Max"/> times; null means unlimited.</summary>
    public sealed record Repetition(PatternNode Item, int Min, int? Max) : PatternNode;
}
