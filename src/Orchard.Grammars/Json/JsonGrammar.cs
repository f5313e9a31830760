using System.Globalization;
using System.Text.Json;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Json;

/// <summary>
/// The parts of JSON texts. Every string has exactly one spelling, so that equal keys are equal texts.
/// </summary>
internal static class JsonGrammar
{
    /// <summary>
    /// What a string without a pattern may contain: no control characters except those for which JSON has a short escape.
    /// </summary>
    public static CodePointSet TextCharacters { get; } =
        CodePointSet.Of((0x20, 0x7E), (0xA0, CodePointSet.Largest)).Union(CodePointSet.Of("\b\t\n\f\r"));

    /// <summary>The white space after a comma or colon: none, or one space.</summary>
    public static GrammarNode Space { get; } = GrammarNode.Optional(GrammarNode.Literal(" "));

    /// <summary>A comma and the white space after it.</summary>
    public static GrammarNode Comma { get; } = GrammarNode.Sequence(GrammarNode.Literal(","), Space);

    /// <summary>Returns a node for one character of a set, as it is written inside a JSON string.</summary>
    public static GrammarNode StringCharacter(CodePointSet set)
    {
        CodePointSet escaped = CodePointSet.Of((0, 0x1F)).Union(CodePointSet.Of("\"\\")).Intersect(set);
        CodePointSet plain = set.Except(escaped);
        var options = new List<GrammarNode>();
        if (!plain.IsEmpty)
        {
            options.Add(GrammarNode.Characters(plain));
        }

        foreach ((int first, int last) in escaped.Ranges)
        {
            for (int codePoint = first; codePoint <= last; codePoint++)
            {
                options.Add(GrammarNode.Literal(Escape((char)codePoint)));
            }
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>Returns a node for a string, with quotes.</summary>
    public static GrammarNode String(string text) => GrammarNode.Literal(Quote(text));

    /// <summary>Writes a string as JSON, with quotes.</summary>
    public static string Quote(string text) =>
        $"\"{string.Concat(text.Select(c => c is '"' or '\\' or < ' ' ? Escape(c) : c.ToString()))}\"";

    /// <summary>Writes a JSON value without white space. Numbers keep their spelling.</summary>
    public static string Write(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            $"{{{string.Join(',', value.EnumerateObject().Select(member => $"{Quote(member.Name)}:{Write(member.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Write))}]",
        JsonValueKind.String => Quote(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
