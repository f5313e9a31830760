using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>JSON with a mark on both sides of strings, which have no escapes, and with names without quotes.</summary>
/// <param name="Mark">The mark.</param>
internal sealed record MarkedNotation(string Mark) : ValueNotation
{
    private static readonly GrammarNode Letters = GrammarNode.Repeat(
        GrammarNode.Characters(CodePointSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'))), 1, 64);

    public override string? TextEnd => Mark;

    public override GrammarNode Text(Func<Func<CodePointSet, GrammarNode>, GrammarNode> content) =>
        GrammarNode.Sequence(GrammarNode.Literal(Mark), content(GrammarNode.Characters), GrammarNode.Literal(Mark));

    public override GrammarNode Member(string name, GrammarNode value) => GrammarNode.Sequence(GrammarNode.Literal($"{name}:"), value);

    public override GrammarNode Member(Func<Func<CodePointSet, GrammarNode>, GrammarNode> names, GrammarNode value) =>
        GrammarNode.Sequence(GrammarNode.Key(Letters), GrammarNode.Literal(":"), value);

    protected override string Key(string name) => name;

    protected override string Quote(string text, char quote) => Mark + text + Mark;
}
