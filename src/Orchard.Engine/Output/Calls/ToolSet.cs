using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchard.Grammars;

namespace Orchard.Engine.Output.Calls;

/// <summary>The tools of a request by name. Immutable.</summary>
internal sealed class ToolSet
{
    private readonly Dictionary<string, ToolSchema> _byName = new(StringComparer.Ordinal);

    private ToolSet()
    {
    }

    public static ToolSet None { get; } = new();

    public static ToolSet Of(params IEnumerable<ToolSchema> tools)
    {
        var set = new ToolSet();
        foreach (ToolSchema tool in tools)
        {
            set._byName.Add(tool.Name, tool);
        }

        return set;
    }

    public int Count => _byName.Count;

    /// <summary>The tools in the order of the request.</summary>
    public IEnumerable<ToolSchema> Tools => _byName.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out ToolSchema? tool) => _byName.TryGetValue(name, out tool);

    /// <summary>Returns the same tools, whose grammars are compiled within a budget.</summary>
    public ToolSet Within(CompilationBudget budget)
    {
        var tools = new ToolSet();
        foreach (ToolSchema tool in Tools)
        {
            tools._byName.Add(tool.Name, tool with { Budget = budget });
        }

        return tools;
    }

    /// <summary>
    /// Parses a list of tools in any of the forms that clients use: <c>{name, parameters}</c>, the same object in <c>function</c>, or
    /// <c>{name, properties: {name, arguments}}</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The JSON is not such a list, or two tools have the same name.</exception>
    public static ToolSet Parse(string json)
    {
        if (json.Length == 0)
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2048 });
            return Parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The tool schemas are not valid JSON: {e.Message}");
        }
    }

    private static ToolSet Parse(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ArgumentException($"The tool schemas are of kind {list.ValueKind}; they must be a list of objects.");
        }

        var tools = new ToolSet();
        foreach (JsonElement entry in list.EnumerateArray())
        {
            JsonElement function = Property(entry, "function") ?? entry;
            string name = Property(function, "name") is { ValueKind: JsonValueKind.String } text
                && text.GetString() is { Length: > 0 } given
                ? given
                : throw new ArgumentException($"Tool {tools.Count} has no name.");
            JsonElement? parameters = Property(function, "parameters") ?? Property(Property(function, "properties"), "arguments");
            bool isStrict = Property(function, "strict") is { ValueKind: JsonValueKind.True };
            if (!tools._byName.TryAdd(name, new ToolSchema(name, parameters?.Clone(), isStrict)))
            {
                throw new ArgumentException($"The tool '{name}' is defined twice.");
            }
        }

        return tools;
    }

    private static JsonElement? Property(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } item && item.TryGetProperty(name, out JsonElement value) ? value : null;
}
