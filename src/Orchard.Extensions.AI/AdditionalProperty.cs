using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// One of <see cref="ChatOptions.AdditionalProperties"/>. Values can be .NET values, or JSON elements when the options were deserialized.
/// </summary>
internal readonly record struct AdditionalProperty(string Name, object Value)
{
    /// <summary>The value; nodes of JSON are elements.</summary>
    public object Value { get; } = Value is JsonNode node ? AsElement(node) : Value;

    /// <summary>Whether the value is a text, as in settings that come from configuration.</summary>
    public bool IsText => Value is string or JsonElement { ValueKind: JsonValueKind.String };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public double ToDouble() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
        double or float or decimal or int or long => Convert.ToDouble(Value, CultureInfo.InvariantCulture),
        _ when IsText && double.TryParse(ToText(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => throw Invalid("a number"),
    };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public int ToInt() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt32(out int number) => number,
        int number => number,
        long number when number is >= int.MinValue and <= int.MaxValue => (int)number,
        _ when IsText && int.TryParse(ToText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        _ => throw Invalid("a 32-bit integer"),
    };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public long ToLong() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt64(out long number) => number,
        int or long or short or byte or uint => Convert.ToInt64(Value, CultureInfo.InvariantCulture),
        _ when IsText && long.TryParse(ToText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => throw Invalid("a 64-bit integer"),
    };

    /// <summary>Whether the value is this number; false and true count as 0 and 1.</summary>
    public bool IsNumber(double number) => Value switch
    {
        bool yes => number == (yes ? 1 : 0),
        JsonElement { ValueKind: JsonValueKind.True } => number == 1,
        JsonElement { ValueKind: JsonValueKind.False } => number == 0,
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble() == number,
        double or float or decimal or int or long => Convert.ToDouble(Value, CultureInfo.InvariantCulture) == number,
        _ => false,
    };

    /// <summary>Returns the properties of an object; null for another type.</summary>
    public IEnumerable<KeyValuePair<string, object?>>? TryReadObject() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json =>
            json.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, (object?)pair.Value)),
        JsonObject json => json.Select(pair => KeyValuePair.Create(pair.Key, (object?)AsElement(pair.Value))),
        IEnumerable<KeyValuePair<string, object?>> objects => objects,
        _ => null,
    };

    /// <summary>Returns the value as JSON; null when it is not JSON, or a string that is none.</summary>
    public JsonElement? TryReadJson()
    {
        switch (Value)
        {
            case JsonElement { ValueKind: not JsonValueKind.String } json:
                return json;
            case JsonNode node and not JsonValue:
                return AsElement(node);
            case string or JsonElement:
                try
                {
                    using JsonDocument json = JsonDocument.Parse(ToText());
                    return json.RootElement.Clone();
                }
                catch (JsonException)
                {
                    return null;
                }

            default:
                return null;
        }
    }

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public IReadOnlyList<string> ToTextOrTexts() =>
        Value is string or JsonElement { ValueKind: JsonValueKind.String } ? [ToText()] : ToTexts();

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public bool ToBool() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        bool yes => yes,
        _ when IsText && bool.TryParse(ToText(), out bool yes) => yes,
        _ => throw Invalid("true or false"),
    };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public string ToText() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        string text => text,
        _ => throw Invalid("a string"),
    };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public IReadOnlyDictionary<string, JsonNode?> ToVariables()
    {
        IEnumerable<KeyValuePair<string, object?>> values = Value switch
        {
            JsonElement { ValueKind: JsonValueKind.Object } json =>
                json.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, (object?)pair.Value)),
            IEnumerable<KeyValuePair<string, JsonNode?>> nodes => nodes.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)),
            IEnumerable<KeyValuePair<string, object?>> objects => objects,
            _ => throw Invalid("a dictionary from names to JSON values"),
        };
        var variables = new Dictionary<string, JsonNode?>();
        foreach ((string name, object? value) in values)
        {
            variables[name] = ToNode(value);
        }

        return variables;
    }

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public IReadOnlyList<string> ToTexts() => Value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } json
            when json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. json.EnumerateArray().Select(item => item.GetString()!)],
        IEnumerable<string> texts => [.. texts],
        _ => throw Invalid("a list of strings"),
    };

    /// <summary>Reads LoRA adapters. A path alone is an adapter with scale 1.</summary>
    /// <exception cref="ArgumentException">The value has another type.</exception>
    public IReadOnlyList<LoraAdapter> ToAdapters() => Value switch
    {
        string path => [new LoraAdapter(path)],
        JsonElement { ValueKind: JsonValueKind.String } json => [new LoraAdapter(json.GetString()!)],
        IEnumerable<LoraAdapter> adapters => [.. adapters],
        _ => [.. ToTexts().Select(path => new LoraAdapter(path))],
    };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public IReadOnlyDictionary<int, double> ToBias() => Value switch
    {
        IEnumerable<KeyValuePair<int, double>> bias => new Dictionary<int, double>(bias),
        IEnumerable<KeyValuePair<int, float>> bias => bias.ToDictionary(pair => pair.Key, pair => (double)pair.Value),
        IEnumerable<KeyValuePair<int, int>> bias => bias.ToDictionary(pair => pair.Key, pair => (double)pair.Value),
        JsonElement { ValueKind: JsonValueKind.Object } json => ToBias(json),
        System.Collections.IDictionary when ForeignJson.Of(Value) is { ValueKind: JsonValueKind.Object } json => ToBias(json),
        _ => throw Invalid("a dictionary from token ids to numbers"),
    };

    /// <exception cref="ArgumentException">The value has another type.</exception>
    public IProgress<PrefillProgress> ToPrefillListener() =>
        Value as IProgress<PrefillProgress> ?? throw Invalid($"a {nameof(IProgress<>)}<{nameof(PrefillProgress)}>");

    /// <summary>Returns the property as an expression, for error messages.</summary>
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
        _ => throw Invalid("a dictionary from names to JSON values, strings, numbers and booleans"),
    };

    private Dictionary<int, double> ToBias(JsonElement json)
    {
        var bias = new Dictionary<int, double>();
        foreach (JsonProperty pair in json.EnumerateObject())
        {
            if (pair.Value.ValueKind != JsonValueKind.Number
                || !int.TryParse(pair.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int token))
            {
                throw Invalid("an object from token ids to numbers");
            }

            bias[token] = pair.Value.GetDouble();
        }

        return bias;
    }

    private static JsonElement AsElement(JsonNode? node) => ForeignJson.Of(node);

    /// <summary>Returns an exception for a value of another type or form.</summary>
    public ArgumentException Invalid(string expected) =>
        new($"{this} is '{Value}', a {Value.GetType()}; it must be {expected}.");
}
