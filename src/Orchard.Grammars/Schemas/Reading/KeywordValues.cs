using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the values of keywords. A value of the wrong type or out of range is a <see cref="SchemaException"/>.</summary>
internal static class KeywordValues
{
    // Above, every double is an integer.
    private const double LargestExact = 1L << 53;

    /// <summary>Returns a bound on numbers: the tighter one of the number as written and as validators round it to a double.</summary>
    public static ExactNumber Bound(string path, JsonProperty keyword, bool isUpper)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number)
        {
            throw Invalid(path, keyword, "a number");
        }

        ExactNumber written = ExactNumber.Find(keyword.Value) ?? throw TooLarge(path, keyword);
        double rounded = keyword.Value.GetDouble();
        if (!double.IsFinite(rounded))
        {
            return written;
        }

        ExactNumber read = Math.Abs(rounded) > LargestExact
            ? new ExactNumber(new BigInteger(rounded))
            : ExactNumber.Find(JsonElement.Parse(rounded.ToString("R", CultureInfo.InvariantCulture))) ?? written;
        return isUpper == read < written ? read : written;
    }

    public static ExactNumber Multiple(string path, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number)
        {
            throw Invalid(path, keyword, "a number greater than 0");
        }

        ExactNumber factor = ExactNumber.Find(keyword.Value) ?? throw TooLarge(path, keyword);
        return factor.Digits.Sign > 0 ? factor : throw Invalid(path, keyword, "a number greater than 0");
    }

    public static int Count(string path, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Number
        && ExactNumber.Find(keyword.Value) is { IsInteger: true, Digits.Sign: >= 0 } value
            ? (int)BigInteger.Min(value.Digits, int.MaxValue)
            : throw Invalid(path, keyword, "a non-negative integer");

    /// <summary>Returns the value of a keyword that is true or false.</summary>
    public static bool Flag(string path, JsonProperty keyword) => keyword.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid(path, keyword, "true or false"),
    };

    public static string Text(string path, JsonProperty keyword)
    {
        try
        {
            return keyword.Value.ValueKind == JsonValueKind.String ? keyword.Value.GetString()! : throw Invalid(path, keyword, "a string");
        }
        catch (InvalidOperationException)
        {
            throw new SchemaException(path, keyword.Name, "the value contains an unpaired surrogate.") { IsMeaningless = true };
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
        new(path, keyword.Name, $"the value must be {expected}.") { IsMeaningless = true };

    private static SchemaException TooLarge(string path, JsonProperty keyword) =>
        new(path, keyword.Name, "the number has more digits than any double.");
}
