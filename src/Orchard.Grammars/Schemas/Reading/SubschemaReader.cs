using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the keywords for properties and items, whose values are schemas. These are recorded as pointers and read later.</summary>
internal static class SubschemaReader
{
    /// <exception cref="SchemaException">A keyword does not contain schemas.</exception>
    public static Constraints ReadProperties(string path, JsonElement schema, Constraints all)
    {
        bool hasDeclared = schema.TryGetProperty("properties", out JsonElement declared);
        bool hasMatching = schema.TryGetProperty("patternProperties", out JsonElement matching);
        bool hasAdditional = schema.TryGetProperty("additionalProperties", out _);
        if (!hasDeclared && !hasMatching && !hasAdditional)
        {
            return all;
        }

        if (hasDeclared && declared.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException(path, "properties", "the value must be an object of schemas.");
        }

        if (hasMatching && matching.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException(path, "patternProperties", "the value must be an object of schemas.");
        }

        KeyValuePair<string, string>[] named = [.. SchemasIn("properties", hasDeclared ? declared : null).DistinctBy(pair => pair.Key)];
        (string, string)[] patterns =
            [.. SchemasIn("patternProperties", hasMatching ? matching : null).Select(pair => (pair.Key, pair.Value))];
        string? additional = hasAdditional ? SchemaDocument.Child(path, "additionalProperties") : null;
        return all with { Properties = [new PropertySchemas(path, named, patterns, additional)] };

        IEnumerable<KeyValuePair<string, string>> SchemasIn(string keyword, JsonElement? schemas)
        {
            string parent = SchemaDocument.Child(path, keyword);
            return schemas?.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, SchemaDocument.Child(parent, member.Name)))
                ?? [];
        }
    }

    /// <exception cref="SchemaException">A keyword does not contain schemas.</exception>
    public static Constraints ReadItems(string path, JsonElement schema, Constraints all)
    {
        bool hasPrefix = schema.TryGetProperty("prefixItems", out JsonElement prefix);
        bool hasItems = schema.TryGetProperty("items", out JsonElement items);
        if (!hasPrefix && !hasItems)
        {
            return all;
        }

        if (hasPrefix && (prefix.ValueKind != JsonValueKind.Array || prefix.GetArrayLength() == 0))
        {
            throw new SchemaException(path, "prefixItems", "the value must be an array of at least one schema.");
        }

        if (hasItems && items.ValueKind == JsonValueKind.Array)
        {
            throw new SchemaException(
                path, "items", "the value must be a schema; an array of schemas is called 'prefixItems' since draft 2020-12.");
        }

        int count = hasPrefix ? prefix.GetArrayLength() : 0;
        string[] first = [.. Enumerable.Range(0, count).Select(i => SchemaDocument.Child(path, "prefixItems", i))];
        return all with { Items = [new ItemSchemas(first, hasItems ? SchemaDocument.Child(path, "items") : null)] };
    }
}
