using System.Text.Json;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>
/// Values as elements: members between marks with their names, items between marks with the same name, strings as they are.
/// </summary>
internal sealed record ElementNotation : ValueNotation
{
    private static readonly GrammarNode Letters = GrammarNode.Repeat(
        GrammarNode.Characters(CodePointSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'))), 1, 64);

    private readonly ArgumentForm _form;

    public ElementNotation(ArgumentForm form)
    {
        _form = form;
        Comma = GrammarNode.Empty;
    }

    public override string? TextEnd => _form.TextEnd.Trim();

    public override GrammarNode Text(Func<Func<CodePointSet, GrammarNode>, GrammarNode> content) => content(GrammarNode.Characters);

    public override GrammarNode Array(GrammarNode items) => items;

    public override GrammarNode Item(GrammarNode value) => Member(_form.Item, value);

    public override GrammarNode Object(GrammarNode members) => members;

    public override GrammarNode Member(string name, GrammarNode value) => GrammarNode.Sequence(
        GrammarNode.Literal(_form.BeforeKey + name + _form.TextStart), value, GrammarNode.Literal(_form.TextEndOf(name)));

    public override GrammarNode Member(Func<Func<CodePointSet, GrammarNode>, GrammarNode> names, GrammarNode value) => GrammarNode.Sequence(
        GrammarNode.Literal(_form.BeforeKey),
        GrammarNode.Key(Letters),
        GrammarNode.Literal(_form.TextStart),
        value,
        GrammarNode.Literal(_form.TextEnd),
        Letters,
        GrammarNode.Literal(_form.NameEnd));

    protected override string Quote(string text, char quote) => text;

    protected override string Write(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => string.Concat(value.EnumerateObject().Select(member => Element(member.Name, member.Value))),
        JsonValueKind.Array => string.Concat(value.EnumerateArray().Select(item => Element(_form.Item, item))),
        _ => base.Write(value),
    };

    private string Element(string name, JsonElement value) =>
        _form.BeforeKey + name + _form.TextStart + Write(value) + _form.TextEndOf(name);
}
