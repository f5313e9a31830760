using System.Text.Json;

namespace Orchard.Grammars.Schemas.Validation;

/// <summary>Checks the keywords that concern the properties of an object.</summary>
/// <param name="check">Validates a value against the schema at a pointer.</param>
/// <param name="values">Matches regular expressions.</param>
internal sealed class ObjectRules(Func<Instance, string, Verdict> check, ValueRules values)
{
    public void Check(Verdict verdict, Instance instance, string pointer, JsonElement schema)
    {
        verdict.Problem ??= FindMissing(instance, schema) ?? FindCount(instance, schema);
        CheckDependencies(verdict, instance, pointer, schema);
        JsonElement? declared = Find(schema, "properties");
        JsonElement? matching = Find(schema, "patternProperties");
        bool hasAdditional = schema.TryGetProperty("additionalProperties", out JsonElement additional);
        bool hasNames = schema.TryGetProperty("propertyNames", out _);
        foreach (JsonProperty property in instance.Value.EnumerateObject())
        {
            if (verdict.Problem is not null)
            {
                return;
            }

            var value = new Instance(property.Value, $"{instance.Path}.{property.Name}");
            bool any = false;
            if (declared?.TryGetProperty(property.Name, out _) == true)
            {
                any = true;
                verdict.Problem ??= check(value, Child(pointer, "properties", property.Name)).Problem;
            }

            foreach (JsonProperty pattern in Members(matching).Where(pattern => values.Matches(pattern.Name, property.Name)))
            {
                any = true;
                verdict.Problem ??= check(value, Child(pointer, "patternProperties", pattern.Name)).Problem;
            }

            if (!any && hasAdditional)
            {
                any = true;
                verdict.Problem ??= additional.ValueKind == JsonValueKind.False
                    ? $"{instance.Path} has '{property.Name}', which the schema does not allow"
                    : check(value, SchemaPointers.Child(pointer, "additionalProperties")).Problem;
            }

            if (any)
            {
                verdict.Properties.Add(property.Name);
            }

            if (hasNames)
            {
                verdict.Problem ??= check(
                    new Instance(NameOf(property), $"{value.Path} (the name)"), SchemaPointers.Child(pointer, "propertyNames")).Problem;
            }
        }

        if (verdict.Problem is null && schema.TryGetProperty("unevaluatedProperties", out JsonElement others))
        {
            CheckOthers(verdict, instance, pointer, others);
        }
    }

    private void CheckOthers(Verdict verdict, Instance instance, string pointer, JsonElement others)
    {
        foreach (JsonProperty property in instance.Value.EnumerateObject().Where(property => verdict.Properties.Add(property.Name)))
        {
            verdict.Problem ??= others.ValueKind == JsonValueKind.False
                ? $"{instance.Path} has '{property.Name}', which the schema does not allow"
                : check(
                    new Instance(property.Value, $"{instance.Path}.{property.Name}"),
                    SchemaPointers.Child(pointer, "unevaluatedProperties")).Problem;
        }
    }

    private void CheckDependencies(Verdict verdict, Instance instance, string pointer, JsonElement schema)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach (JsonProperty pair in Members(Find(schema, keyword)).Where(pair => instance.Value.TryGetProperty(pair.Name, out _)))
            {
                if (pair.Value.ValueKind != JsonValueKind.Array)
                {
                    verdict.Add(check(instance, Child(pointer, keyword, pair.Name)));
                }
                else if (FirstMissing(instance, pair.Value) is { } missing)
                {
                    verdict.Problem ??= $"{instance.Path} has '{pair.Name}', but lacks '{missing}'";
                }
            }
        }
    }

    private static string? FindMissing(Instance instance, JsonElement schema) =>
        schema.TryGetProperty("required", out JsonElement required) && required.ValueKind == JsonValueKind.Array
        && FirstMissing(instance, required) is { } name
            ? $"{instance.Path} lacks '{name}'"
            : null;

    private static string? FirstMissing(Instance instance, JsonElement names) => names.EnumerateArray()
        .Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)
        .FirstOrDefault(name => !instance.Value.TryGetProperty(name, out _));

    private static string? FindCount(Instance instance, JsonElement schema)
    {
        var count = new ExactNumber(instance.Value.EnumerateObject().Select(property => property.Name).Distinct().Count());
        if (count < Limit(schema, "minProperties"))
        {
            return $"{instance.Path} has {count.Digits} properties, but its minProperties is "
                + Limit(schema, "minProperties")!.Value.Digits;
        }

        return count > Limit(schema, "maxProperties")
            ? $"{instance.Path} has {count.Digits} properties, but its maxProperties is "
                + Limit(schema, "maxProperties")!.Value.Digits
            : null;
    }

    private static ExactNumber? Limit(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? ExactNumber.Find(value) : null;

    private static JsonElement? Find(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static IEnumerable<JsonProperty> Members(JsonElement? element) => element?.EnumerateObject().AsEnumerable() ?? [];

    private static string Child(string pointer, string keyword, string name) =>
        SchemaPointers.Child(SchemaPointers.Child(pointer, keyword), name);

    private static JsonElement NameOf(JsonProperty property)
    {
        using JsonDocument name = JsonDocument.Parse($"\"{JsonEncodedText.Encode(property.Name)}\"");
        return name.RootElement.Clone();
    }
}
