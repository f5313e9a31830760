namespace Orchard.Grammars.Nodes;

/// <summary>Matches its item repeatedly.</summary>
/// <param name="item">The repeated node.</param>
/// <param name="min">The minimum number of repetitions.</param>
/// <param name="max">The maximum number of repetitions; null means unlimited.</param>
internal sealed class RepeatNode(GrammarNode item, int min, int? max) : GrammarNode
{
    public GrammarNode Item { get; } = item;

    public int Min { get; } = min;

    public int? Max { get; } = max;

    public override IReadOnlyList<GrammarNode> Children => [Item];
}
