using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>Formats in which every call starts with the same marker, anywhere in the message.</summary>
internal abstract class MarkerFormat(string start) : CallFormat
{
    public override IReadOnlyList<string> Markers { get; } = [start];

    public override GrammarNode Calls(CallRule rule) =>
        rule.List(GrammarNode.Sequence(GrammarNode.Literal(start), Rest(rule.Tools)), CallGrammar.White);

    public override GrammarNode Message(CallRule rule)
    {
        GrammarNode next = GrammarNode.Sequence(GrammarNode.Until(start), Rest(rule.Tools));
        return GrammarNode.Choice(
            GrammarNode.Without(start),
            GrammarNode.Sequence(GrammarNode.Repeat(next, rule.Min, rule.Max), GrammarNode.Without(start)));
    }

    /// <summary>Returns the grammar of a call after its marker.</summary>
    protected abstract GrammarNode Rest(ToolSet tools);
}
