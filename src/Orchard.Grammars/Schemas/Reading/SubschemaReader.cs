using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the keywords for properties and items, whose values are schemas. These are recorded as pointers and read later.</summary>
internal static class SubschemaReader
{
    /// <exception cref="SchemaException">A keyword does not contain schemas.</exception>
    public static Constraints ReadProperties(string path, JsonElement schema, Constraints all, SchemaGaps gaps)
    {
        bool hasAdditional = schema.TryGetProperty("additionalProperties", out _);
        JsonElement? declared = Schemas("properties");
        JsonElement? matching = Schemas("patternProperties");
        if (declared is null && matching is null && !hasAdditional)
        {
            return all;
        }

        KeyValuePair<string, string>[] named = [.. SchemasIn("properties", declared).DistinctBy(pair => pair.Key)];
        (string, string)[] patterns = [.. SchemasIn("patternProperties", matching).Select(pair => (pair.Key, pair.Value))];
        string? additional = hasAdditional ? SchemaPointers.Child(path, "additionalProperties") : null;
        return all with { Properties = [new PropertySchemas(path, named, patterns, additional)] };

        JsonElement? Schemas(string keyword)
        {
            if (!schema.TryGetProperty(keyword, out JsonElement schemas))
            {
                return null;
            }

            if (schemas.ValueKind == JsonValueKind.Object)
            {
                return schemas;
            }

            gaps.Add(new SchemaException(path, keyword, "the value must be an object of schemas.") { IsMeaningless = true });
            return null;
        }

        IEnumerable<KeyValuePair<string, string>> SchemasIn(string keyword, JsonElement? schemas)
        {
            string parent = SchemaPointers.Child(path, keyword);
            return schemas?.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, SchemaPointers.Child(parent, member.Name)))
                ?? [];
        }
    }

    /// <exception cref="SchemaException">A keyword does not contain schemas, or cannot be enforced.</exception>
    public static Constraints ReadItems(string path, JsonElement schema, Constraints all, SchemaGaps gaps)
    {
        if (schema.TryGetProperty("contains", out _))
        {
            all = ReadContains(path, schema, all, gaps);
        }

        bool hasItems = schema.TryGetProperty("items", out JsonElement items);

        // Before draft 2020-12, an array of schemas was called 'items', and the schema of the others 'additionalItems'.
        bool isOld = hasItems && items.ValueKind == JsonValueKind.Array;
        string firstKeyword = isOld ? "items" : "prefixItems";
        string restKeyword = isOld ? "additionalItems" : "items";
        bool hasPrefix = schema.TryGetProperty(firstKeyword, out JsonElement prefix);
        bool hasRest = isOld ? schema.TryGetProperty(restKeyword, out _) : hasItems;
        if (hasPrefix && (prefix.ValueKind != JsonValueKind.Array || prefix.GetArrayLength() == 0))
        {
            gaps.Add(new SchemaException(path, firstKeyword, "the value must be an array of at least one schema.")
            {
                IsMeaningless = true,
            });
            hasPrefix = false;
        }

        if (!hasPrefix && !hasRest)
        {
            return all;
        }

        int count = hasPrefix ? prefix.GetArrayLength() : 0;
        string[] first = [.. Enumerable.Range(0, count).Select(i => SchemaPointers.Child(path, firstKeyword, i))];
        return all with { Items = [new ItemSchemas(first, hasRest ? SchemaPointers.Child(path, restKeyword) : null)] };
    }

    private static Constraints ReadContains(string path, JsonElement schema, Constraints all, SchemaGaps gaps)
    {
        int min = 1;
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            try
            {
                min = keyword.Name == "minContains" ? KeywordValues.Count(path, keyword) : min;
                if (keyword.Name == "maxContains")
                {
                    KeywordValues.Count(path, keyword);
                    throw new SchemaException(path, "maxContains", "this keyword cannot be enforced; remove it.");
                }
            }
            catch (SchemaException e)
            {
                gaps.Add(e);
            }
        }

        return min == 0 ? all : all with { Contained = [new ContainedItems(path, SchemaPointers.Child(path, "contains"), min)] };
    }
}
