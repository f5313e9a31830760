using System.Text.Json;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>The grammar of values that are written almost like JSON.</summary>
/// <param name="form">The notations of strings and of other values.</param>
internal sealed class LooseValueGrammar(ArgumentForm form)
{
    private const string NoKeywords = "type description title default examples";

    private bool IsPython => form.Values == ArgumentNotation.Python;

    private bool IsMarked => form.Values == ArgumentNotation.Marked;

    /// <summary>Returns the values of an argument.</summary>
    /// <param name="schema">Its schema; null if it is not a plain object.</param>
    /// <param name="type">Its type; empty if there is none or there are several.</param>
    /// <param name="argument">The argument as text or JSON.</param>
    /// <param name="gaps">Receives what the values may violate.</param>
    public GrammarNode Of(JsonElement? schema, string type, ArgumentTexts argument, SchemaGaps gaps)
    {
        if (schema is { } given && given.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array)
        {
            return GrammarNode.Choice([.. values.EnumerateArray().Select(Constant)]);
        }

        bool isPlain = schema is { } own
            && own.EnumerateObject().All(static property => NoKeywords.Contains(property.Name, StringComparison.Ordinal));
        switch (type)
        {
            case "integer" or "number":
                return argument.Texts;
            case "boolean" when isPlain:
                return GrammarNode.Choice(Word("true"), Word("false"));
            case "string" when isPlain:
                return Text();
            default:
                if (!isPlain || type is "object" or "array" or "string")
                {
                    gaps.Add(new SchemaException(
                        $"/properties/{argument.Name}", null, "the model's tool call format does not let the engine enforce this schema."));
                }

                return type == "string" ? Text() : Any();
        }
    }

    /// <summary>Returns all values.</summary>
    public GrammarNode Any()
    {
        var value = new GrammarRule("a value");
        GrammarNode comma = IsMarked ? GrammarNode.Literal(",") : GrammarNode.Literal(", ");
        GrammarNode key = IsMarked
            ? GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'))), 1, 64)
            : Text();
        GrammarNode entry = GrammarNode.Sequence(key, GrammarNode.Literal(IsMarked ? ":" : ": "), value);
        value.Body = GrammarNode.Choice(
            Text(),
            Integer(),
            GrammarNode.Choice(Word("true"), Word("false"), Word("null")),
            GrammarNode.Sequence(GrammarNode.Literal("["), Listed(value, comma), GrammarNode.Literal("]")),
            GrammarNode.Sequence(GrammarNode.Literal("{"), Listed(entry, comma), GrammarNode.Literal("}")));
        return value;
    }

    private static GrammarNode Listed(GrammarNode item, GrammarNode comma) =>
        GrammarNode.Optional(GrammarNode.Sequence(item, GrammarNode.Repeat(GrammarNode.Sequence(comma, item), 0)));

    private static GrammarNode Integer()
    {
        GrammarNode digits = GrammarNode.Characters(CodePointSet.Of(('0', '9')));
        return GrammarNode.Sequence(
            GrammarNode.Optional(GrammarNode.Literal("-")),
            GrammarNode.Choice(
                GrammarNode.Literal("0"),
                GrammarNode.Sequence(GrammarNode.Characters(CodePointSet.Of(('1', '9'))), GrammarNode.Repeat(digits, 0, 15))),
            GrammarNode.Optional(GrammarNode.Sequence(GrammarNode.Literal("."), GrammarNode.Repeat(digits, 1, 15))));
    }

    private GrammarNode Word(string json) => GrammarNode.Literal(IsPython
        ? json switch { "true" => "True", "false" => "False", _ => "None" }
        : json);

    private GrammarNode Text()
    {
        if (IsMarked)
        {
            return GrammarNode.Sequence(GrammarNode.Literal(form.Quote), GrammarNode.Until(form.Quote));
        }

        return form.Texts == ArgumentNotation.Python ? GrammarNode.Choice(Quoted('\''), Quoted('"')) : Quoted('"');
    }

    private static GrammarNode Quoted(char quote)
    {
        CodePointSet plain = CodePointSet.Of((' ', '\uD7FF'), ('\uE000', '\uFFFD')).Except(CodePointSet.Of($"{quote}\\"));
        GrammarNode escape = GrammarNode.Sequence(
            GrammarNode.Literal("\\"), GrammarNode.Characters(CodePointSet.Of($"{quote}\\nrt")));
        return GrammarNode.Sequence(
            GrammarNode.Literal($"{quote}"),
            GrammarNode.Repeat(GrammarNode.Choice(GrammarNode.Characters(plain), escape), 0),
            GrammarNode.Literal($"{quote}"));
    }

    private GrammarNode Constant(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when IsMarked => GrammarNode.Literal($"{form.Quote}{value.GetString()}{form.Quote}"),
        JsonValueKind.String when form.Texts == ArgumentNotation.Python => GrammarNode.Choice(
            GrammarNode.Literal(PythonText(value.GetString()!, '\'')), GrammarNode.Literal(PythonText(value.GetString()!, '"'))),
        JsonValueKind.True => Word("true"),
        JsonValueKind.False => Word("false"),
        JsonValueKind.Null => Word("null"),
        _ => GrammarNode.Literal(JsonGrammar.Write(value)),
    };

    private static string PythonText(string text, char quote)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace($"{quote}", $"\\{quote}", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{quote}{escaped}{quote}";
    }
}
