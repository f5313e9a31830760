using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>The grammar of calls in a form that was found in a chat template.</summary>
internal sealed class FormGrammar(FormSyntax syntax)
{
    private readonly CallForm _form = syntax.Form;
    private readonly SingleArgumentGrammar? _arguments =
        syntax.Form.Arguments is { } arguments ? new SingleArgumentGrammar(arguments) : null;

    /// <summary>Returns the largest number of calls in a turn; null for no limit.</summary>
    public int? MaxOf(CallRule rule) => _form.IsSingle ? 1 : rule.Max;

    /// <summary>Returns the grammar of all calls of a turn.</summary>
    public GrammarNode Section(CallRule rule) => Section(rule, "");

    /// <summary>Returns the same after its first characters; of one call, if every call stands alone.</summary>
    public GrammarNode AfterMarker(CallRule rule, string marker) => Section(syntax.IsAlone ? rule with { Min = 1, Max = 1 } : rule, marker);

    /// <summary>Returns the texts with which calls of the tools begin.</summary>
    public IEnumerable<string> Beginnings(ToolSet tools)
    {
        foreach (ToolSchema tool in tools.Tools)
        {
            string text = _form.SectionStart;
            for (int i = 0; i < _form.Call.Count; i++)
            {
                CallPart part = _form.Call[i];
                if (part.Slot is not null and not CallSlot.Name)
                {
                    break;
                }

                text += part.Slot is null ? part.Text : tool.Name;
            }

            yield return text.TrimStart().TrimEnd(' ');
        }
    }

    private GrammarNode Section(CallRule rule, string marker)
    {
        int? max = MaxOf(rule);
        CallRule allowed = rule with { Max = max, Min = max is { } most ? Math.Min(rule.Min, most) : rule.Min };
        GrammarNode first = CallGrammar.OneOf(rule.Tools, tool => Call(tool, _form.SectionStart, marker));
        GrammarNode next = CallGrammar.OneOf(rule.Tools, tool => Call(tool, "", ""));
        return GrammarNode.Sequence(
            first,
            GrammarNode.Repeat(GrammarNode.Sequence(GrammarNode.Literal(syntax.Between), next), allowed.Min - 1, allowed.Max - 1),
            GrammarNode.Literal(_form.SectionEnd.TrimEnd()),
            _form.Stop.Length > 0 ? GrammarNode.Optional(GrammarNode.Literal(_form.Stop.Trim())) : GrammarNode.Empty);
    }

    // The marker has been written already, and white space before it belongs to the text.
    private GrammarNode Call(ToolSchema tool, string before, string marker)
    {
        var parts = new List<GrammarNode>();
        string text = before;
        bool isFirst = before.Length > 0 || marker.Length > 0;
        foreach (CallPart part in _form.Call)
        {
            text += part.Slot is null ? part.Text : "";
            if (part.Slot is null)
            {
                continue;
            }

            Flush();
            parts.Add(part.Slot switch
            {
                CallSlot.Name => GrammarNode.Literal(tool.Name),
                CallSlot.Identifier => GrammarNode.Repeat(IdentifierCharacters, 1, 40),
                CallSlot.Index => GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(('0', '9'))), 1, 4),
                CallSlot.ArgumentsText => EscapedGrammar.Quote(tool.ArgumentTexts()),
                _ => _arguments is null ? tool.ArgumentTexts(_form.IsIndented ? ValueNotation.JsonInLines : null) : _arguments.Of(tool),
            });
        }

        bool isLast = syntax.IsAlone;
        text = isLast ? text.TrimEnd() : text;
        Flush();
        return GrammarNode.Sequence(parts);

        void Flush()
        {
            if (isFirst)
            {
                text = text.TrimStart();
                text = marker.Length > 0 ? text[(syntax.BeforeMarker.Length + marker.Length)..] : text;
                isFirst = false;
            }

            if (text.Length > 0)
            {
                parts.Add(GrammarNode.Literal(text));
            }

            text = "";
        }
    }

    private static GrammarNode IdentifierCharacters { get; } =
        GrammarNode.Characters(CodePointSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'), ('-', '-')));
}
