using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Nodes;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>The form of calls that a client has found in the model's chat template.</summary>
internal sealed class FormFormat : CallFormat
{
    private readonly FormSyntax _syntax;
    private readonly FormGrammar _grammar;
    private readonly string _marker;
    private readonly string _separator;
    private readonly HashSet<string> _onlyFirst;

    public FormFormat(CallForm form, ToolSet tools)
    {
        _syntax = new FormSyntax(form);
        _grammar = new FormGrammar(_syntax);
        _marker = _syntax.Marker;

        // Without a mark, calls begin with what is in every one of them; further ones with what separates them.
        _separator = _marker.Length == 0 && LooseText.Strip(form.Separator).Length > 1 ? LooseText.Strip(form.Separator) : "";
        bool isAnywhere = _marker.Length > 0 || form.FollowsText;
        _onlyFirst = isAnywhere ? [] : [.. Beginnings(tools)];
        Markers =
        [
            .. _marker.Length > 0 ? [_marker] : isAnywhere ? _grammar.Beginnings(tools) : _onlyFirst,
            .. _separator.Length > 0 ? [_separator] : Array.Empty<string>(),
        ];
        ControlTexts = [.. form.Texts.Distinct()];
    }

    public override IReadOnlyList<string> Markers { get; }

    public override IReadOnlyList<string> ControlTexts { get; }

    public override bool IsOnlyFirst(string marker) => _onlyFirst.Contains(marker);

    public override CallReader Read(string marker, ToolSet tools, IOutputItems items)
    {
        var calls = new FormCalls(_syntax, tools, items, isNext: marker == _separator);
        foreach (char character in marker == _marker ? _syntax.BeforeMarker + marker : marker)
        {
            calls.Read(character);
        }

        calls.Unread.Clear(); // the marker itself
        return calls;
    }

    public override GrammarNode Calls(CallRule rule) =>
        GrammarNode.Sequence(GrammarNode.Choice(CallGrammar.White, GrammarNode.Literal(_syntax.Indent)), _grammar.Section(rule));

    public override GrammarNode Message(CallRule rule)
    {
        if (_marker.Length == 0)
        {
            string[] beginnings = [.. _grammar.Beginnings(rule.Tools)];
            GrammarNode section = _grammar.Section(rule);
            if (_syntax.Form.FollowsText)
            {
                GrammarNode text = GrammarNode.Without(beginnings);
                return GrammarNode.Choice(text, GrammarNode.Sequence(text, section));
            }

            var options = new List<GrammarNode> { section, GrammarNode.Without(Array.Empty<string>(), beginnings) };
            if (_separator.Length > 0)
            {
                options[1] = GrammarNode.Without([_separator], beginnings);
                options.Add(GrammarNode.Sequence(GrammarNode.Until([_separator], beginnings), section));
            }

            return GrammarNode.Choice(options);
        }

        GrammarNode next = GrammarNode.Sequence(GrammarNode.Until(_marker), _grammar.AfterMarker(rule, _marker));
        GrammarNode calls = _syntax.IsAlone ? GrammarNode.Repeat(next, rule.Min, _grammar.MaxOf(rule)) : next;
        return GrammarNode.Choice(
            GrammarNode.Without(_marker), GrammarNode.Sequence(calls, GrammarNode.Without(_marker)));
    }

    private IEnumerable<string> Beginnings(ToolSet tools)
    {
        string lead = _syntax.Lead;
        return lead.Length == 0 ? _grammar.Beginnings(tools)
            : lead[0] is '{' or '[' ? [lead[..1]]
            : lead.Any(char.IsLetter) && _syntax.IsNamed ? tools.Tools.Select(tool => lead + tool.Name) // 'to=' begins messages as well
            : [lead.TrimEnd()];
    }
}
