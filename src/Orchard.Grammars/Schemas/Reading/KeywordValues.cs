using System.Numerics;
using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the values of keywords. A value of the wrong type or out of range is a <see cref="SchemaException"/>.</summary>
internal static class KeywordValues
{
    public static decimal? Number(string path, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number)
        {
            throw Invalid(path, keyword, "a number");
        }

        // Validators read it as a double. If it is not exactly a double, a number next to it could pass here but not there.
        return keyword.Value.TryGetDecimal(out decimal value) && Math.Abs(value) < 1e20m && (value == 0 || Math.Abs(value) >= 1e-6m)
            && (value == decimal.Floor(value) || new decimal(keyword.Value.GetDouble()) == value)
            ? value
            : throw new SchemaException(
                path, keyword.Name, $"{keyword.Value.GetRawText()} is too large, too small or too precise to be enforced exactly.");
    }

    public static BigInteger Multiple(string path, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number || !keyword.Value.TryGetDecimal(out decimal value) || value <= 0)
        {
            throw Invalid(path, keyword, "a number greater than 0");
        }

        return value == decimal.Floor(value) && value <= 1_000
            ? new BigInteger(value)
            : throw new SchemaException(
                path, keyword.Name, $"{keyword.Value.GetRawText()} cannot be enforced; supported are integers up to 1,000.");
    }

    public static int Count(string path, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Number
        && keyword.Value.TryGetDecimal(out decimal value)
        && value >= 0
        && value == decimal.Floor(value)
            ? (int)Math.Min(value, int.MaxValue)
            : throw Invalid(path, keyword, "a non-negative integer");

    public static string Text(string path, JsonProperty keyword)
    {
        try
        {
            return keyword.Value.ValueKind == JsonValueKind.String ? keyword.Value.GetString()! : throw Invalid(path, keyword, "a string");
        }
        catch (InvalidOperationException)
        {
            throw new SchemaException(path, keyword.Name, "the value contains an unpaired surrogate.");
        }
    }

    public static string[] Names(string path, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Array && keyword.Value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. keyword.Value.EnumerateArray().Select(name => name.GetString()!).Distinct()]
            : throw Invalid(path, keyword, "an array of strings");

    /// <summary>Returns the number of schemas in the list of <c>allOf</c>, <c>anyOf</c> or <c>oneOf</c>.</summary>
    public static int SchemaCount(string path, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Array && keyword.Value.GetArrayLength() is > 0 and var count
            ? count
            : throw Invalid(path, keyword, "an array of at least one schema");

    /// <summary>Returns the exception for a value of the wrong type.</summary>
    public static SchemaException Invalid(string path, JsonProperty keyword, string expected) =>
        new(path, keyword.Name, $"the value must be {expected}.");
}
