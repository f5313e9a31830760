using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output;

/// <summary>The tools of a request, by name. Immutable.</summary>
internal sealed class ToolSet
{
    private readonly Dictionary<string, ToolSchema> _byName = new(StringComparer.Ordinal);

    private ToolSet()
    {
    }

    public static ToolSet None { get; } = new();

    public static ToolSet Of(ToolSchema tool)
    {
        var tools = new ToolSet();
        tools._byName.Add(tool.Name, tool);
        return tools;
    }

    public int Count => _byName.Count;

    /// <summary>In the order of the request.</summary>
    public IEnumerable<ToolSchema> Tools => _byName.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out ToolSchema? tool) => _byName.TryGetValue(name, out tool);

    /// <summary>
    /// Reads tools as clients write them: <c>{name, parameters}</c>, the same under <c>function</c>, or the wrapper
    /// <c>{name, properties: {name, arguments}}</c>.
    /// </summary>
    /// <exception cref="ArgumentException">It is no such list, or a name comes twice.</exception>
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
            throw new ArgumentException($"The tool schemas are no JSON: {e.Message}");
        }
    }

    private static ToolSet Parse(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ArgumentException($"The tool schemas are {list.ValueKind}; they must be a list of objects.");
        }

        var tools = new ToolSet();
        foreach (JsonElement entry in list.EnumerateArray())
        {
            JsonElement function = Property(entry, "function") ?? entry;
            string name = Property(function, "name") is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } given
                ? given
                : throw new ArgumentException($"Tool {tools.Count} has no name.");
            JsonElement? parameters = Property(function, "parameters") ?? Property(Property(function, "properties"), "arguments");
            bool isStrict = Property(function, "strict") is not { ValueKind: JsonValueKind.False };
            if (!tools._byName.TryAdd(name, new ToolSchema(name, parameters?.Clone(), isStrict)))
            {
                throw new ArgumentException($"The tool '{name}' is there twice.");
            }
        }

        return tools;
    }

    private static JsonElement? Property(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } item && item.TryGetProperty(name, out JsonElement value) ? value : null;
}

/// <param name="Name">What the model calls it by.</param>
/// <param name="Parameters">The schema of its arguments; null when it says none.</param>
/// <param name="IsStrict">Whether the arguments are held to it; else any object will do.</param>
internal sealed record ToolSchema(string Name, JsonElement? Parameters, bool IsStrict = true)
{
    /// <summary>The arguments as JSON.</summary>
    /// <exception cref="SchemaException">The schema cannot be enforced.</exception>
    public GrammarNode ArgumentTexts() => new GrammarRule($"the arguments of '{Name}'")
    {
        Body = Parameters is { } schema && IsStrict ? Compile(() => SchemaCompiler.CompileArguments(schema)) : SchemaCompiler.AnyObject(),
    };

    /// <summary>Compiles the schema; what is wrong with it is said of this tool.</summary>
    public T Compile<T>(Func<T> compile)
    {
        try
        {
            return compile();
        }
        catch (SchemaException e)
        {
            throw e.Of(Name);
        }
    }

    /// <summary>Whether a parameter is text by its schema, so that what looks like a number is none.</summary>
    public bool IsText(string parameter) =>
        Parameters is { ValueKind: JsonValueKind.Object } schema
        && schema.TryGetProperty("properties", out JsonElement properties)
        && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(parameter, out JsonElement property)
        && property.ValueKind == JsonValueKind.Object
        && property.TryGetProperty("type", out JsonElement type)
        && type.ValueKind == JsonValueKind.String
        && type.ValueEquals("string");
}
