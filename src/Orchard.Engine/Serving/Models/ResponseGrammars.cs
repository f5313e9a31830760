using System.Text.Json;
using Orchard.Engine.Grammars;
using Orchard.Engine.Grammars.Regular;
using Orchard.Engine.Grammars.Schemas;

namespace Orchard.Engine.Serving.Models;

/// <summary>The grammars of response formats. The last ones asked for are kept, since many requests ask for the same. Thread-safe.</summary>
internal sealed class ResponseGrammars
{
    private const int Capacity = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Format, Grammar Grammar)> _newestFirst = [];

    /// <summary>The grammar of a <c>response_format_json</c>; null when it allows any text.</summary>
    /// <exception cref="GrammarException">The format cannot be used.</exception>
    /// <exception cref="SchemaException">It has a schema that cannot be enforced.</exception>
    public Grammar? Find(string format)
    {
        if (format.Length == 0)
        {
            return null;
        }

        lock (_lock)
        {
            for (LinkedListNode<(string Format, Grammar Grammar)>? node = _newestFirst.First; node is not null; node = node.Next)
            {
                if (node.Value.Format == format)
                {
                    _newestFirst.Remove(node);
                    _newestFirst.AddFirst(node);
                    return node.Value.Grammar;
                }
            }
        }

        Grammar? grammar = Compile(format);
        if (grammar is not null)
        {
            lock (_lock)
            {
                _newestFirst.AddFirst((format, grammar));
                if (_newestFirst.Count > Capacity)
                {
                    _newestFirst.RemoveLast();
                }
            }
        }

        return grammar;
    }

    private static Grammar? Compile(string format)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(format, new JsonDocumentOptions { MaxDepth = 2048 });
        }
        catch (JsonException e)
        {
            throw new GrammarException($"The response format is no JSON: {e.Message}");
        }

        using (document)
        {
            return Compile(document.RootElement);
        }
    }

    private static Grammar? Compile(JsonElement format) => TextOf(format, "type") switch
    {
        "text" => null,
        "grammar" => Grammar.Compile(GbnfParser.Parse(TextOf(format, "grammar") ?? throw Missing("grammar"))),
        "regex" => Grammar.Compile(
            Pattern.Whole(TextOf(format, "pattern") ?? throw Missing("pattern")).ToNode(GrammarNode.Characters)),
        "json_object" => Grammar.Compile(SchemaCompiler.AnyObject()),
        "json_schema" => CompileSchema(format.TryGetProperty("json_schema", out JsonElement schema) ? schema : throw Missing("json_schema")),
        null => throw Missing("type"),
        var type => throw new GrammarException(
            $"The response format '{type}' is not known; the engine has text, json_object, json_schema, grammar and regex."),
    };

    private static Grammar CompileSchema(JsonElement schema)
    {
        GrammarNode texts = SchemaCompiler.Compile(schema);
        try
        {
            return Grammar.Compile(texts);
        }
        catch (GrammarException e)
        {
            throw new SchemaException("", null, $"nothing can be generated for it. {e.Message}");
        }
    }

    private static GrammarException Missing(string key) => new($"The response format has no '{key}'.");

    private static string? TextOf(JsonElement format, string key)
    {
        try
        {
            return format.ValueKind == JsonValueKind.Object && format.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            throw new GrammarException($"The response format's '{key}' has an unpaired surrogate.");
        }
    }
}
