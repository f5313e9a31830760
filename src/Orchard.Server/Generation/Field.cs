using System.Text.Json;
using Orchard.Server.Errors;

namespace Orchard.Server.Generation;

/// <summary>A field of a request, with conversions that say what is wrong with a value. Its texts are valid Unicode.</summary>
/// <param name="name">Path of the field, such as <c>options.top_k</c>.</param>
/// <param name="value">The value.</param>
internal readonly struct Field(string name, JsonElement value)
{
    /// <summary>Path of the field.</summary>
    public string Name { get; } = name;

    /// <summary>The value.</summary>
    public JsonElement Value { get; } = value;

    /// <summary>Whether the field is absent or null.</summary>
    public bool IsAbsent => Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Whether the value is a string.</summary>
    public bool IsText => Value.ValueKind == JsonValueKind.String;

    /// <summary>Whether the value is an object.</summary>
    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    /// <summary>Returns a finite number.</summary>
    public double ToDouble() => Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) && double.IsFinite(number)
        ? number
        : throw Invalid("a number");

    /// <summary>Returns an integer; a number too large for its type is the nearest one.</summary>
    public int ToInt() => (int)Math.Clamp(ToLong(), int.MinValue, int.MaxValue);

    /// <summary>Returns an integer.</summary>
    public long ToLong() => Value.ValueKind != JsonValueKind.Number ? throw Invalid("an integer")
        : Value.TryGetInt64(out long integer) ? integer
        : Value.TryGetDouble(out double number) && double.IsInteger(number)
            ? (long)Math.Clamp(number, long.MinValue, long.MaxValue)
            : throw Invalid("an integer");

    /// <summary>Returns a boolean.</summary>
    public bool ToBool() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid("true or false"),
    };

    /// <summary>Returns a string.</summary>
    public string ToText() => IsText ? Value.GetString()! : throw Invalid("a string");

    /// <summary>Returns a list of strings; a single string is a list of one.</summary>
    public IReadOnlyList<string> ToTexts() =>
        IsText ? [ToText()] : [.. Items("a string or a list of strings").Select(static item => item.ToText())];

    /// <summary>Returns the items of an array.</summary>
    /// <param name="allowed">What the field allows, for the error.</param>
    public IEnumerable<Field> Items(string allowed)
    {
        if (!IsArray)
        {
            throw Invalid(allowed);
        }

        string name = Name;
        return Value.EnumerateArray().Select((item, index) => new Field($"{name}[{index}]", item));
    }

    /// <summary>Returns the members of an object.</summary>
    /// <param name="allowed">What the field allows, for the error.</param>
    public IEnumerable<(string Name, Field Field)> Members(string allowed = "an object")
    {
        if (!IsObject)
        {
            throw Invalid(allowed);
        }

        string path = Name;
        return Value.EnumerateObject().Select(member => (member.Name, new Field($"{path}.{member.Name}", member.Value)));
    }

    /// <summary>Returns a member of an object; an absent one if there is none.</summary>
    /// <param name="member">Name of the member.</param>
    public Field Member(string member) => new(
        $"{Name}.{member}", IsObject && Value.TryGetProperty(member, out JsonElement found) ? found : default);

    /// <summary>Returns an object as JSON, which may be given as text.</summary>
    /// <param name="allowed">What the field allows, for the error.</param>
    public JsonElement ToJsonObject(string allowed)
    {
        if (IsObject)
        {
            return Value;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(ToText());
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Invalid(allowed);
        }
        catch (JsonException)
        {
            throw Invalid(allowed);
        }
    }

    /// <summary>Returns the error for a value that is not allowed.</summary>
    /// <param name="allowed">What is allowed.</param>
    public ApiException Invalid(string allowed) =>
        ApiException.Invalid(Name, $"is {Describe(Value)}; allowed is {allowed}");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "missing",
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when value.GetRawText() is { Length: <= 32 } number => number,
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
