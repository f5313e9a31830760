using System.Text.Json;
using Orchard.Grammars;
using Orchard.Grammars.Gbnf;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Regular;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output;

/// <summary>Parses response formats.</summary>
internal static class ResponseFormats
{
    /// <summary>Returns the grammar of a <c>response_format_json</c>; null if it allows any text.</summary>
    /// <exception cref="GrammarException">The format is invalid.</exception>
    /// <exception cref="SchemaException">The schema cannot be enforced.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static GrammarNode? Read(string json, CompilationBudget budget)
    {
        if (json.Length == 0)
        {
            return null;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2048 });
        }
        catch (JsonException e)
        {
            throw new GrammarException($"The response format is not valid JSON: {e.Message}");
        }

        using (document)
        {
            return Read(document.RootElement, budget);
        }
    }

    private static GrammarNode? Read(JsonElement format, CompilationBudget budget) => TextOf(format, "type") switch
    {
        "text" => null,
        "grammar" => GbnfParser.Parse(TextOf(format, "grammar") ?? throw Missing("grammar"), budget),
        "regex" => Pattern.Whole(TextOf(format, "pattern") ?? throw Missing("pattern"), budget).ToNode(GrammarNode.Characters),
        "json_object" => SchemaCompiler.AnyObject(),
        "json_schema" => SchemaCompiler.Compile(
            format.TryGetProperty("json_schema", out JsonElement schema) ? schema : throw Missing("json_schema"),
            new SchemaGaps(
                isStrict: !format.TryGetProperty("strict", out JsonElement strict) || strict.ValueKind != JsonValueKind.False, budget)),
        null => throw Missing("type"),
        var type => throw new GrammarException(
            $"The response format '{type}' is unknown; the engine supports text, json_object, json_schema, grammar and regex."),
    };

    private static GrammarException Missing(string key) => new($"The response format has no '{key}'.");

    private static string? TextOf(JsonElement format, string key)
    {
        try
        {
            return format.ValueKind == JsonValueKind.Object
                && format.TryGetProperty(key, out JsonElement value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            throw new GrammarException($"The response format's '{key}' contains an unpaired surrogate.");
        }
    }
}
