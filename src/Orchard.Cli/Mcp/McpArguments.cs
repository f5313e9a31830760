using System.Text.Json;

namespace Orchard.Cli.Mcp;

/// <summary>The arguments of a tool call, which come from a model and may be anything.</summary>
internal sealed class McpArguments(IDictionary<string, JsonElement>? arguments)
{
    public string RequireText(string name) => FindText(name) ?? throw new UsageException($"The argument '{name}' is missing.");

    public string? FindText(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new UsageException($"The argument '{name}' must be a text."),
    };

    public string[] RequireTexts(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } array && array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. array.EnumerateArray().Select(item => item.GetString()!)]
            : throw new UsageException($"The argument '{name}' must be an array of texts.");

    public int? FindInteger(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int value) => value,
        _ => throw new UsageException($"The argument '{name}' must be a whole number."),
    };

    public double? FindNumber(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        _ => throw new UsageException($"The argument '{name}' must be a number."),
    };

    private JsonElement? Find(string name) =>
        arguments is not null && arguments.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
