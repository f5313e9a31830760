using System.Text.Json;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Json;

/// <summary>How values are written: as JSON, or almost as JSON. Immutable.</summary>
internal record ValueNotation
{
    /// <summary>JSON in one line.</summary>
    public static ValueNotation Json { get; } = new();

    /// <summary>JSON with as many lines as a model likes.</summary>
    public static ValueNotation JsonInLines { get; } = new()
    {
        Comma = GrammarNode.Sequence(GrammarNode.Literal(","), JsonGrammar.Space, Line),
        Space = Line,
    };

    /// <summary>Literals of Python.</summary>
    public static ValueNotation Python { get; } = new() { Quotes = "'\"", True = "True", False = "False", Null = "None" };

    /// <summary>The characters that strings are put into, each one of them a way to write it.</summary>
    public string Quotes { get; init; } = "\"";

    public string True { get; init; } = "true";

    public string False { get; init; } = "false";

    public string Null { get; init; } = "null";

    /// <summary>What separates members and items.</summary>
    public GrammarNode Comma { get; init; } = JsonGrammar.Comma;

    /// <summary>What may be inside brackets and braces, next to them.</summary>
    public GrammarNode Space { get; init; } = GrammarNode.Empty;

    private static GrammarNode Line => GrammarNode.Optional(GrammarNode.Sequence(
        GrammarNode.Literal("\n"), GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(" ")), 0, 64)));

    /// <summary>The text that ends a string which has no escapes, and which it must not contain; null if strings have escapes.</summary>
    public virtual string? TextEnd => null;

    /// <summary>Returns the strings with a content that depends on how a set of characters is written.</summary>
    public virtual GrammarNode Text(Func<Func<CodePointSet, GrammarNode>, GrammarNode> content) => GrammarNode.Choice(
        [
            .. Quotes.Select(quote => GrammarNode.Sequence(
                GrammarNode.Literal($"{quote}"), content(set => Character(set, quote)), GrammarNode.Literal($"{quote}"))),
        ]);

    /// <summary>Returns a value that is given.</summary>
    public GrammarNode Constant(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? GrammarNode.Choice([.. Quotes.Select(quote => GrammarNode.Literal(Quote(value.GetString()!, quote)))])
        : GrammarNode.Literal(Write(value));

    /// <summary>Returns an array with items, which are separated already.</summary>
    public virtual GrammarNode Array(GrammarNode items) =>
        GrammarNode.Sequence(GrammarNode.Literal("["), Space, items, Space, GrammarNode.Literal("]"));

    /// <summary>Returns an item of an array.</summary>
    public virtual GrammarNode Item(GrammarNode value) => value;

    /// <summary>Returns an object with members, which are separated already.</summary>
    public virtual GrammarNode Object(GrammarNode members) =>
        GrammarNode.Sequence(GrammarNode.Literal("{"), Space, members, Space, GrammarNode.Literal("}"));

    /// <summary>Returns a member of an object.</summary>
    public virtual GrammarNode Member(string name, GrammarNode value) =>
        GrammarNode.Sequence(GrammarNode.Literal(Key(name) + ":"), JsonGrammar.Space, value);

    /// <summary>Returns a member with any of some names.</summary>
    /// <param name="names">Returns the names, depending on how a set of characters is written.</param>
    /// <param name="value">The value.</param>
    public virtual GrammarNode Member(Func<Func<CodePointSet, GrammarNode>, GrammarNode> names, GrammarNode value) =>
        GrammarNode.Sequence(
            GrammarNode.Literal($"{Quotes[0]}"),
            GrammarNode.Key(names(set => Character(set, Quotes[0]))),
            GrammarNode.Literal($"{Quotes[0]}:"),
            JsonGrammar.Space,
            value);

    /// <summary>Writes a value without white space.</summary>
    protected virtual string Write(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            $"{{{string.Join(',', value.EnumerateObject().Select(member => $"{Key(member.Name)}:{Write(member.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Write))}]",
        JsonValueKind.String => Quote(value.GetString()!, Quotes[0]),
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        JsonValueKind.Null => Null,
        _ => value.GetRawText(),
    };

    /// <summary>Writes a name.</summary>
    protected virtual string Key(string name) => Quote(name, Quotes[0]);

    /// <summary>Writes a string.</summary>
    protected virtual string Quote(string text, char quote)
    {
        string json = JsonGrammar.Quote(text);
        return quote == '"'
            ? json
            : $"'{json[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
    }

    private static GrammarNode Character(CodePointSet set, char quote)
    {
        if (quote == '"')
        {
            return JsonGrammar.StringCharacter(set);
        }

        CodePointSet quotes = CodePointSet.Of("'\"").Intersect(set);
        var options = new List<GrammarNode>();
        if (!set.Except(quotes).IsEmpty)
        {
            options.Add(JsonGrammar.StringCharacter(set.Except(quotes)));
        }

        foreach ((int first, int last) in quotes.Ranges)
        {
            for (int codePoint = first; codePoint <= last; codePoint++)
            {
                options.Add(GrammarNode.Literal(codePoint == quote ? "\\'" : "\""));
            }
        }

        return GrammarNode.Choice(options);
    }
}
