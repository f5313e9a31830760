using System.Buffers;
using System.Text.Json;
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

    private const string NoEnd = "\uFFFF"; // texts in quotes, or between marks, are not compiled as plain text

    private static readonly SearchValues<char> Marks = SearchValues.Create(">\n\"'=:<");

    private readonly LooseValueGrammar _values = new(form);

    private bool IsRaw => form.Texts == ArgumentNotation.Raw;

    private bool IsTyped => IsRaw && form.TextStart != form.ValueStart;

    /// <summary>Returns the grammar of a tool's arguments.</summary>
    /// <exception cref="SchemaException">The arguments cannot be expressed in this form, and must be.</exception>
    public GrammarNode Of(ToolSchema tool) =>
        tool.Parameters is { } schema
            && tool.Compile(gaps => Arguments(schema, SchemaCompiler.CompileEach(schema, TextEnd, gaps), gaps)) is { } arguments
            ? arguments
            : Any();

    private string TextEnd => IsRaw ? form.TextEnd.Trim() : NoEnd;

    private GrammarNode Arguments(JsonElement schema, IReadOnlyList<ArgumentTexts> arguments, SchemaGaps gaps)
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

            GrammarNode one = Element(GrammarNode.Literal(argument.Name), Values(schema, argument, gaps));
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
                Framed(form.TextStart, SchemaCompiler.AnyArgument(TextEnd), form.TextEnd),
                Framed(form.ValueStart, _values.Any(), form.ValueEnd))
            : Framed(form.ValueStart, _values.Any(), form.ValueEnd);
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

    private GrammarNode Values(JsonElement schema, ArgumentTexts argument, SchemaGaps gaps)
    {
        JsonElement? own = schema.TryGetProperty("properties", out JsonElement all) && all.ValueKind == JsonValueKind.Object
            && all.TryGetProperty(argument.Name, out JsonElement found) && found.ValueKind == JsonValueKind.Object ? found : null;
        if (IsRaw && !IsTyped)
        {
            return Framed(form.TextStart, argument.Texts, form.TextEndOf(argument.Name));
        }

        string type = own is { } one && one.TryGetProperty("type", out JsonElement kind) && kind.ValueKind == JsonValueKind.String
            ? kind.GetString()!
            : "";
        if (IsTyped)
        {
            return type == "string" ? Framed(form.TextStart, argument.Texts, form.TextEndOf(argument.Name))
                : type.Length > 0 ? Framed(form.ValueStart, argument.Texts, form.ValueEndOf(argument.Name))
                : GrammarNode.Choice(
                    Framed(form.TextStart, argument.Texts, form.TextEndOf(argument.Name)),
                    Framed(form.ValueStart, _values.Any(), form.ValueEndOf(argument.Name)));
        }

        return Framed(form.ValueStart, _values.Of(own, type, argument, gaps), form.ValueEndOf(argument.Name));
    }

    private static GrammarNode Framed(string start, GrammarNode texts, string end) =>
        GrammarNode.Sequence(GrammarNode.Literal(start), texts, GrammarNode.Literal(end));
}
