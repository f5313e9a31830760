using System.Text.Json;
using System.Text.RegularExpressions;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas.Validation;

/// <summary>Checks the keywords that concern a value itself: its type, constants, numbers and texts, and the counts of its parts.</summary>
internal sealed class ValueRules
{
    private readonly SchemaPatterns _patterns = new(new CompilationBudget());
    private readonly Dictionary<string, Func<string, bool>> _matchers = new(StringComparer.Ordinal);

    /// <summary>Returns what is wrong with a value by a keyword; null if nothing is.</summary>
    /// <exception cref="SchemaException">The keyword is invalid.</exception>
    public string? Find(Instance instance, JsonElement schema, JsonProperty keyword)
    {
        JsonElement limit = keyword.Value;
        switch (keyword.Name)
        {
            case "type":
                return HasType(instance.Value, limit) ? null : $"{instance.Path} is {instance.Description}, not {limit.GetRawText()}";
            case "enum" when limit.ValueKind == JsonValueKind.Array:
                return limit.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, instance.Value))
                    ? null
                    : $"{instance.Path} is {instance.Description}, which is none of {Instance.Shorten(limit.GetRawText())}";
            case "const":
                return JsonElement.DeepEquals(limit, instance.Value)
                    ? null
                    : $"{instance.Path} is {instance.Description}, not {Instance.Shorten(limit.GetRawText())}";
        }

        return instance.Value.ValueKind switch
        {
            JsonValueKind.Number => FindInNumber(instance, schema, keyword),
            JsonValueKind.String => FindInText(instance, keyword),
            _ => null,
        };
    }

    /// <summary>Whether a text contains a match of a regular expression; true if that is not a valid one.</summary>
    public bool Matches(string pattern, string text)
    {
        if (!_matchers.TryGetValue(pattern, out Func<string, bool>? matcher))
        {
            _matchers.Add(pattern, matcher = MatcherOf(pattern));
        }

        return matcher(text);
    }

    private Func<string, bool> MatcherOf(string pattern)
    {
        try
        {
            // The automaton counts characters, where .NET's expressions count UTF-16 units.
            CodePointDfa narrow = _patterns.Search("", "pattern", pattern);
            CodePointDfa wide = _patterns.Search("", "pattern", pattern, isWide: true);
            return text => narrow.Contains(text) || (wide != narrow && wide.Contains(text));
        }
        catch (SchemaException)
        {
            return PatternMatcher.Find(pattern) is { } expression ? text => PatternMatcher.IsMatch(expression, text) : static _ => true;
        }
    }

    private static string? FindInNumber(Instance instance, JsonElement schema, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number
            || ExactNumber.Find(instance.Value) is not { } number
            || ExactNumber.Find(keyword.Value) is not { } limit)
        {
            return null;
        }

        bool isValid = keyword.Name switch
        {
            "minimum" => IsTrue(schema, "exclusiveMinimum") ? number > limit : number >= limit,
            "maximum" => IsTrue(schema, "exclusiveMaximum") ? number < limit : number <= limit,
            "exclusiveMinimum" => number > limit,
            "exclusiveMaximum" => number < limit,
            "multipleOf" => limit.Digits.Sign <= 0 || number.IsMultipleOf(limit),
            _ => true,
        };
        return isValid ? null : $"{instance.Path} is {instance.Description}, but its {keyword.Name} is {keyword.Value.GetRawText()}";
    }

    private string? FindInText(Instance instance, JsonProperty keyword)
    {
        switch (keyword.Name)
        {
            case "minLength" or "maxLength" when keyword.Value.ValueKind == JsonValueKind.Number
                && ExactNumber.Find(keyword.Value) is { } limit:
                int length = instance.Value.GetString()!.EnumerateRunes().Count();
                var count = new ExactNumber(length);
                return (keyword.Name == "minLength" ? count >= limit : count <= limit)
                    ? null
                    : $"{instance.Path} has {length} characters, but its {keyword.Name} is {keyword.Value.GetRawText()}";
            case "pattern" when keyword.Value.ValueKind == JsonValueKind.String:
                return Matches(keyword.Value.GetString()!, instance.Value.GetString()!)
                    ? null
                    : $"{instance.Path} is {instance.Description}, which the pattern {keyword.Value.GetRawText()} does not match";
            default:
                return null;
        }
    }

    private static bool IsTrue(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static bool HasType(JsonElement value, JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Any(one => HasType(value, one)),
        JsonValueKind.String => type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && ExactNumber.Find(value) is not { IsInteger: false },
            _ => true,
        },
        _ => true,
    };
}
