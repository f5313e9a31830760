using System.Text.Json;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>Converts a value in <see cref="ElementNotation"/> to JSON.</summary>
/// <param name="form">How elements are written.</param>
internal sealed class ElementValue(ArgumentForm form)
{
    private const int MaxDepth = 64;

    private readonly string _before = form.BeforeKey.Trim();
    private readonly string _start = form.TextStart.Trim();

    /// <summary>Returns the value as JSON; null if the text is no element.</summary>
    /// <param name="text">The text.</param>
    /// <param name="schema">The schema of the value; null if it is not known.</param>
    public string? ToJson(string text, JsonElement? schema) => Read(text, schema, 0);

    private string? Read(string text, JsonElement? schema, int depth)
    {
        var names = new List<string>();
        var values = new List<string>();
        string rest = text.Trim();
        while (rest.Length > 0)
        {
            int start = rest.StartsWith(_before, StringComparison.Ordinal)
                ? rest.IndexOf(_start, _before.Length, StringComparison.Ordinal)
                : -1;
            string name = start < 0 ? "" : rest[_before.Length..start].Trim();
            string closing = form.TextEndOf(name).Trim();
            int end = start < 0 ? -1 : rest.IndexOf(closing, start, StringComparison.Ordinal);
            if (end < 0 || depth == MaxDepth)
            {
                return null;
            }

            JsonElement? inner = Find(schema, "properties") is { } members ? Find(members, name) : Find(schema, "items");
            string value = rest[(start + _start.Length)..end];
            names.Add(name);
            values.Add(Read(value, inner, depth + 1) ?? Leaf(value, inner));
            rest = rest[(end + closing.Length)..].TrimStart();
        }

        bool isList = names.Count > 0 && names.TrueForAll(name => name == form.Item) && Find(schema, "properties") is null;
        return names.Count == 0 ? null
            : isList ? $"[{string.Join(", ", values)}]"
            : $"{{{string.Join(", ", names.Zip(values, static (name, value) => $"{JsonGrammar.Quote(name)}: {value}"))}}}";
    }

    private static string Leaf(string text, JsonElement? schema) =>
        JsonText.IsValue(text) && !(Find(schema, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("string"))
            ? text.Trim()
            : JsonGrammar.Quote(text);

    private static JsonElement? Find(JsonElement? schema, string name) =>
        schema is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out JsonElement value) ? value : null;
}
