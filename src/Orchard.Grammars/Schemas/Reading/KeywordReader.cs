using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the keywords that a schema has itself, without the schemas it refers to and without alternatives.</summary>
internal static class KeywordReader
{
    /// <exception cref="SchemaException">A keyword cannot be enforced, and must be.</exception>
    public static Constraints Read(string path, JsonElement schema, SchemaGaps gaps)
    {
        Constraints all = Constraints.None with { Path = path };
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            try
            {
                all = all.And(Read(path, schema, keyword) ?? Constraints.None);
            }
            catch (SchemaException e)
            {
                gaps.Add(e);
            }

            if (!IsKnown(keyword.Name))
            {
                gaps.AddIgnored(path, keyword.Name, "the keyword is unknown; as the standard says, it is ignored.");
            }
        }

        return SubschemaReader.ReadItems(path, schema, SubschemaReader.ReadProperties(path, schema, all, gaps), gaps);
    }

    /// <summary>Returns the constraints of a single keyword; null if it has none by itself.</summary>
    /// <exception cref="SchemaException">The value of the keyword is invalid.</exception>
    public static Constraints? Read(string path, JsonElement schema, JsonProperty keyword) => keyword.Name switch
    {
        "$schema" when !IsDialect(keyword.Value) => throw new SchemaException(
            path,
            "$schema",
            $"the dialect {keyword.Value.GetRawText()} is not supported; use https://json-schema.org/draft/2020-12/schema or omit it.")
        {
            IsMeaningless = true,
        },
        "type" => ReadType(path, keyword),
        "enum" => Constraints.None with
        {
            Values = keyword.Value.ValueKind == JsonValueKind.Array
                ? [.. keyword.Value.EnumerateArray()]
                : throw KeywordValues.Invalid(path, keyword, "an array of values"),
        },
        "const" => Constraints.None with { Values = [keyword.Value] },
        "minimum" => Constraints.None with
        {
            Minimum = KeywordValues.Bound(path, keyword, isUpper: false),
            IsMinimumExclusive = IsTrue(schema, "exclusiveMinimum"),
        },
        "maximum" => Constraints.None with
        {
            Maximum = KeywordValues.Bound(path, keyword, isUpper: true),
            IsMaximumExclusive = IsTrue(schema, "exclusiveMaximum"),
        },

        // In draft 4, these are flags of the inclusive bounds.
        "exclusiveMinimum" or "exclusiveMaximum" when keyword.Value.ValueKind is JsonValueKind.True or JsonValueKind.False => null,
        "exclusiveMinimum" => Constraints.None with
        {
            Minimum = KeywordValues.Bound(path, keyword, isUpper: false),
            IsMinimumExclusive = true,
        },
        "exclusiveMaximum" => Constraints.None with
        {
            Maximum = KeywordValues.Bound(path, keyword, isUpper: true),
            IsMaximumExclusive = true,
        },
        "multipleOf" => Constraints.None with { MultipleOf = KeywordValues.Multiple(path, keyword) },
        "minLength" => Constraints.None with { MinLength = KeywordValues.Count(path, keyword) },
        "maxLength" => Constraints.None with { MaxLength = KeywordValues.Count(path, keyword) },
        "pattern" => Constraints.None with { Patterns = [(path, KeywordValues.Text(path, keyword))] },
        "format" => Constraints.None with { Formats = [(path, KeywordValues.Text(path, keyword))] },
        "contentEncoding" => KeywordValues.Text(path, keyword) is var encoding && StringFormats.Find(encoding) is not null
            ? Constraints.None with { Formats = [(path, encoding)] }
            : null, // an annotation
        "minItems" => Constraints.None with { MinItems = KeywordValues.Count(path, keyword) },
        "maxItems" => Constraints.None with { MaxItems = KeywordValues.Count(path, keyword) },
        "uniqueItems" => Constraints.None with { HasUniqueItems = KeywordValues.Flag(path, keyword) },
        "minProperties" => Constraints.None with { MinProperties = KeywordValues.Count(path, keyword) },
        "maxProperties" => Constraints.None with { MaxProperties = KeywordValues.Count(path, keyword) },
        "required" => Constraints.None with { Required = KeywordValues.Names(path, keyword) },
        "propertyNames" => Constraints.None with { PropertyNames = [SchemaPointers.Child(path, "propertyNames")] },
        _ => null,
    };

    /// <summary>Whether the standard defines a keyword, in any draft.</summary>
    public static bool IsKnown(string name) => SchemaKeywords.IsIgnored(name) || SchemaKeywords.IsApplicator(name) || name is
        "type" or "enum" or "const" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf"
        or "minLength" or "maxLength" or "pattern" or "format" or "contentEncoding" or "minItems" or "maxItems" or "uniqueItems"
        or "minProperties" or "maxProperties" or "required" or "propertyNames";

    private static bool IsDialect(JsonElement name) => name.ValueKind == JsonValueKind.String
        && name.GetString() is { } text
        && (text.StartsWith("https://json-schema.org/", StringComparison.Ordinal)
            || text.StartsWith("http://json-schema.org/", StringComparison.Ordinal));

    private static bool IsTrue(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static Constraints ReadType(string path, JsonProperty keyword)
    {
        IEnumerable<JsonElement> types = keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray() : [keyword.Value];
        var kinds = JsonKinds.None;
        bool hasInteger = false;
        bool hasNumber = false;
        foreach (JsonElement type in types)
        {
            string? name = type.ValueKind == JsonValueKind.String ? type.GetString() : null;
            hasInteger |= name == "integer";
            hasNumber |= name == "number";
            kinds |= name switch
            {
                "null" => JsonKinds.Null,
                "boolean" => JsonKinds.Boolean,
                "integer" or "number" => JsonKinds.Number,
                "string" => JsonKinds.String,
                "array" => JsonKinds.Array,
                "object" => JsonKinds.Object,
                _ => throw KeywordValues.Invalid(
                    path, keyword, "null, boolean, integer, number, string, array, object, or an array of these"),
            };
        }

        return Constraints.None with { Kinds = kinds, IsInteger = hasInteger && !hasNumber };
    }
}
