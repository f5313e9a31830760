using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>
/// One of <see cref="ChatOptions.AdditionalProperties"/>, read as what it must be: from the types that code uses, and from JSON, which
/// it is when options were read from a file.
/// </summary>
internal readonly record struct AdditionalProperty(string Name, object Value)
{
    /// <exception cref="ArgumentException">It is something else.</exception>
    public double ToDouble() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
        double or float or decimal or int or long => Convert.ToDouble(Value, CultureInfo.InvariantCulture),
        _ => throw No("a number"),
    };

    /// <exception cref="ArgumentException">It is something else.</exception>
    public int ToInt() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt32(out int number) => number,
        int number => number,
        long number when number is >= int.MinValue and <= int.MaxValue => (int)number,
        _ => throw No("a whole number"),
    };

    /// <exception cref="ArgumentException">It is something else.</exception>
    public bool ToBool() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        bool yes => yes,
        _ => throw No("true or false"),
    };

    /// <exception cref="ArgumentException">It is something else.</exception>
    public string ToText() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        string text => text,
        _ => throw No("a text"),
    };

    /// <exception cref="ArgumentException">It is something else.</exception>
    public IReadOnlyDictionary<string, JsonNode?> ToVariables()
    {
        IEnumerable<KeyValuePair<string, object?>> values = Value switch
        {
            JsonElement { ValueKind: JsonValueKind.Object } json => json.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, (object?)pair.Value)),
            IEnumerable<KeyValuePair<string, JsonNode?>> nodes => nodes.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)),
            IEnumerable<KeyValuePair<string, object?>> objects => objects,
            _ => throw No("a dictionary from names to JSON values"),
        };
        var variables = new Dictionary<string, JsonNode?>();
        foreach ((string name, object? value) in values)
        {
            variables[name] = ToNode(value);
        }

        return variables;
    }

    /// <exception cref="ArgumentException">It is something else.</exception>
    public IReadOnlyList<string> ToTexts() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } json when json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. json.EnumerateArray().Select(item => item.GetString()!)],
        IEnumerable<string> texts => [.. texts],
        _ => throw No("a list of texts"),
    };

    /// <summary>A path is an adapter at full strength.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public IReadOnlyList<LoraAdapter> ToAdapters() => Value switch
    {
        string path => [new LoraAdapter(path)],
        JsonElement { ValueKind: JsonValueKind.String } json => [new LoraAdapter(json.GetString()!)],
        IEnumerable<LoraAdapter> adapters => [.. adapters],
        _ => [.. ToTexts().Select(path => new LoraAdapter(path))],
    };

    /// <exception cref="ArgumentException">It is something else.</exception>
    public IReadOnlyDictionary<int, double> ToBias() => Value switch
    {
        IEnumerable<KeyValuePair<int, double>> bias => new Dictionary<int, double>(bias),
        IEnumerable<KeyValuePair<int, float>> bias => bias.ToDictionary(pair => pair.Key, pair => (double)pair.Value),
        IEnumerable<KeyValuePair<int, int>> bias => bias.ToDictionary(pair => pair.Key, pair => (double)pair.Value),
        JsonElement { ValueKind: JsonValueKind.Object } json => ToBias(json),
        _ => throw No("a dictionary from token ids to numbers"),
    };

    /// <summary>The property as code would name it.</summary>
    public override string ToString() => $"{nameof(ChatOptions)}.{nameof(ChatOptions.AdditionalProperties)}[\"{Name}\"]";

    private JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        JsonNode node => node,
        JsonElement { ValueKind: JsonValueKind.Null } => null,
        JsonElement { ValueKind: JsonValueKind.Object } json => JsonObject.Create(json),
        JsonElement { ValueKind: JsonValueKind.Array } json => JsonArray.Create(json),
        JsonElement json => JsonValue.Create(json),
        string text => text,
        bool yes => yes,
        int number => number,
        long number => number,
        double number => number,
        float number => number,
        _ => throw No("a dictionary from names to JSON values, texts, numbers, true and false"),
    };

    private Dictionary<int, double> ToBias(JsonElement json)
    {
        var bias = new Dictionary<int, double>();
        foreach (JsonProperty pair in json.EnumerateObject())
        {
            if (pair.Value.ValueKind != JsonValueKind.Number || !int.TryParse(pair.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int token))
            {
                throw No("an object from token ids to numbers");
            }

            bias[token] = pair.Value.GetDouble();
        }

        return bias;
    }

    private ArgumentException No(string what) => new($"{this} is '{Value}', a {Value.GetType()}; it must be {what}.");
}
