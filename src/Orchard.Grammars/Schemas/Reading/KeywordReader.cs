using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the keywords that a schema has itself, without the schemas it refers to and without alternatives.</summary>
internal static class KeywordReader
{
    /// <exception cref="SchemaException">A keyword is unknown, invalid or cannot be enforced.</exception>
    public static Constraints Read(string path, JsonElement schema)
    {
        Constraints all = Constraints.None with { Path = path };
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            all = Read(path, keyword, all);
        }

        if (path.Length > 0 && schema.TryGetProperty("$id", out _))
        {
            throw new SchemaException(path, "$id", "only the root schema may have an $id.");
        }

        return SubschemaReader.ReadItems(path, schema, SubschemaReader.ReadProperties(path, schema, all));
    }

    private static Constraints Read(string path, JsonProperty keyword, Constraints all) => keyword.Name switch
    {
        "type" => ReadType(path, keyword, all),
        "enum" => all with
        {
            Values = keyword.Value.ValueKind == JsonValueKind.Array
                ? [.. keyword.Value.EnumerateArray().Where(value => all.Values?.Any(other => JsonElement.DeepEquals(value, other)) ?? true)]
                : throw KeywordValues.Invalid(path, keyword, "an array of values"),
        },
        "const" => all with
        {
            Values = all.Values?.Any(other => JsonElement.DeepEquals(keyword.Value, other)) ?? true ? [keyword.Value] : [],
        },
        "minimum" => all.And(Constraints.None with { Minimum = KeywordValues.Number(path, keyword) }),
        "exclusiveMinimum" => all.And(Constraints.None with { Minimum = KeywordValues.Number(path, keyword), IsMinimumExclusive = true }),
        "maximum" => all.And(Constraints.None with { Maximum = KeywordValues.Number(path, keyword) }),
        "exclusiveMaximum" => all.And(Constraints.None with { Maximum = KeywordValues.Number(path, keyword), IsMaximumExclusive = true }),
        "multipleOf" => all with { MultipleOf = KeywordValues.Multiple(path, keyword) },
        "minLength" => all with { MinLength = KeywordValues.Count(path, keyword) },
        "maxLength" => all with { MaxLength = KeywordValues.Count(path, keyword) },
        "pattern" => all with { Patterns = [(path, KeywordValues.Text(path, keyword))] },
        "format" => all with { Formats = [(path, KeywordValues.Text(path, keyword))] },
        "minItems" => all with { MinItems = KeywordValues.Count(path, keyword) },
        "maxItems" => all with { MaxItems = KeywordValues.Count(path, keyword) },
        "minProperties" => all with { MinProperties = KeywordValues.Count(path, keyword) },
        "maxProperties" => all with { MaxProperties = KeywordValues.Count(path, keyword) },
        "required" => all with { Required = KeywordValues.Names(path, keyword) },
        "propertyNames" => all with { PropertyNames = [SchemaDocument.Child(path, "propertyNames")] },
        "uniqueItems" when keyword.Value.ValueKind == JsonValueKind.False => all,
        "$ref" or "allOf" or "anyOf" or "oneOf" => all, // SchemaReader reads these
        "properties" or "patternProperties" or "additionalProperties" or "items" or "prefixItems" => all, // SubschemaReader reads these
        var name when SchemaKeywords.IsIgnored(name) => all,
        var name when SchemaKeywords.IsUnsupported(name) =>
            throw new SchemaException(path, name, "this keyword cannot be enforced; remove it."),
        var name => throw new SchemaException(path, name, "unknown keyword; check the spelling or remove it."),
    };

    private static Constraints ReadType(string path, JsonProperty keyword, Constraints all)
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

        return all with { Kinds = kinds, IsInteger = hasInteger && !hasNumber };
    }
}
