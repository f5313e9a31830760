using System.Buffers;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>The grammar of arguments that are written one by one; see <see cref="ArgumentForm"/>.</summary>
internal sealed class SingleArgumentGrammar(ArgumentForm form)
{
    private static readonly GrammarNode Letters = GrammarNode.Repeat(
        GrammarNode.Characters(CodePointSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'))), 1, 64);

    private static readonly SearchValues<char> Marks = SearchValues.Create(">\n\"'=:<");

    private readonly ValueNotation _notation = FormNotations.Of(form);

    private bool IsRaw => form.Texts == ArgumentNotation.Raw;

    private bool IsTyped => IsRaw && form.TextStart != form.ValueStart;

    /// <summary>Returns the grammar of a tool's arguments.</summary>
    /// <exception cref="SchemaException">The arguments cannot be expressed in this form, and must be.</exception>
    public GrammarNode Of(ToolSchema tool) =>
        tool.Parameters is { } schema
            && tool.Compile(gaps => Arguments(SchemaCompiler.CompileEach(schema, TextEnd, gaps, _notation), gaps)) is { } arguments
            ? arguments
            : Any();

    private string? TextEnd => IsRaw ? form.TextEnd.Trim() : null;

    private GrammarNode AnyValue => SchemaCompiler.AnyArgument(textEnd: null, _notation);

    private GrammarNode Arguments(IReadOnlyList<ArgumentTexts> arguments, SchemaGaps gaps)
    {
        // From the last argument to the first, each without and with one before it.
        GrammarNode alone = GrammarNode.Empty;
        GrammarNode after = GrammarNode.Empty;
        foreach (ArgumentTexts argument in arguments.Reverse())
        {
            if (argument.Name.Trim() != argument.Name || argument.Name.AsSpan().ContainsAny(Marks) || argument.Name.Length == 0)
            {
                gaps.Add(new SchemaException(
                    "/properties", null, $"the name '{argument.Name}' cannot be expressed in the model's tool call format."));
                continue;
            }

            GrammarNode one = Element(GrammarNode.Literal(argument.Name), Values(argument));
            GrammarNode rest = Rule(argument.Name, after);
            GrammarNode first = GrammarNode.Sequence(one, rest);
            GrammarNode next = GrammarNode.Sequence(GrammarNode.Literal(form.Separator), one, rest);
            (alone, after) = argument.IsRequired
                ? (first, next)
                : (GrammarNode.Choice(first, Rule(argument.Name, alone)), GrammarNode.Choice(next, rest));
        }

        return alone;
    }

    private static GrammarRule Rule(string name, GrammarNode body) => new GrammarRule($"after '{name}'") { Body = body };

    private GrammarNode Any()
    {
        GrammarNode value = IsRaw
            ? GrammarNode.Choice(
                Framed(form.TextStart, SchemaCompiler.AnyArgument(TextEnd, _notation), form.TextEnd),
                Framed(form.ValueStart, AnyValue, form.ValueEnd))
            : Framed(form.ValueStart, AnyValue, form.ValueEnd);
        if (form.NameEnd.Length > 0)
        {
            value = GrammarNode.Sequence(value, Letters, GrammarNode.Literal(form.NameEnd));
        }

        GrammarNode element = Element(GrammarNode.Key(Letters), value);
        return GrammarNode.Object(GrammarNode.Optional(GrammarNode.Sequence(
            element, GrammarNode.Repeat(GrammarNode.Sequence(GrammarNode.Literal(form.Separator), element), 0))));
    }

    private GrammarNode Element(GrammarNode name, GrammarNode value) =>
        GrammarNode.Sequence(GrammarNode.Literal(form.BeforeKey), name, value);

    private GrammarNode Values(ArgumentTexts argument)
    {
        string textEnd = form.TextEndOf(argument.Name);
        string valueEnd = form.ValueEndOf(argument.Name);
        return IsTyped
                ? GrammarNode.Choice(
                    Framed(form.TextStart, argument.Strings.Value, textEnd), Framed(form.ValueStart, argument.Others.Value, valueEnd))
            : IsRaw ? Framed(form.TextStart, GrammarNode.Choice(argument.Strings.Value, argument.Others.Value), textEnd)
            : Framed(form.ValueStart, argument.Texts, valueEnd);
    }

    private static GrammarNode Framed(string start, GrammarNode texts, string end) =>
        GrammarNode.Sequence(GrammarNode.Literal(start), texts, GrammarNode.Literal(end));
}
