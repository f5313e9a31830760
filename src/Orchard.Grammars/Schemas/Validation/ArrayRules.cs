using System.Text.Json;

namespace Orchard.Grammars.Schemas.Validation;

/// <summary>Checks the keywords that concern the items of an array.</summary>
/// <param name="check">Validates a value against the schema at a pointer.</param>
internal sealed class ArrayRules(Func<Instance, string, Verdict> check)
{
    public void Check(Verdict verdict, Instance instance, string pointer, JsonElement schema)
    {
        JsonElement[] items = [.. instance.Value.EnumerateArray()];
        verdict.Problem ??= FindCount(instance, schema, items.Length) ?? FindEqual(instance, schema, items);
        if (verdict.Problem is not null)
        {
            return;
        }

        bool hasItems = schema.TryGetProperty("items", out JsonElement each);
        bool isOld = hasItems && each.ValueKind == JsonValueKind.Array;
        string first = isOld ? "items" : "prefixItems";
        string rest = isOld ? "additionalItems" : "items";
        int prefix = schema.TryGetProperty(first, out JsonElement schemas) && schemas.ValueKind == JsonValueKind.Array
            ? schemas.GetArrayLength()
            : 0;
        bool hasRest = schema.TryGetProperty(rest, out _);
        for (int i = 0; i < items.Length; i++)
        {
            if (i < prefix || hasRest)
            {
                verdict.Items.Add(i);
                string child = i < prefix ? SchemaPointers.Child(pointer, first, i) : SchemaPointers.Child(pointer, rest);
                verdict.Problem ??= check(At(instance, items, i), child).Problem;
            }
        }

        CheckContained(verdict, instance, pointer, schema, items);
        if (verdict.Problem is null && schema.TryGetProperty("unevaluatedItems", out _))
        {
            for (int i = 0; i < items.Length; i++)
            {
                if (verdict.Items.Add(i))
                {
                    verdict.Problem ??= check(At(instance, items, i), SchemaPointers.Child(pointer, "unevaluatedItems")).Problem;
                }
            }
        }
    }

    private void CheckContained(Verdict verdict, Instance instance, string pointer, JsonElement schema, JsonElement[] items)
    {
        if (verdict.Problem is not null || !schema.TryGetProperty("contains", out _))
        {
            return;
        }

        int found = 0;
        for (int i = 0; i < items.Length; i++)
        {
            if (check(At(instance, items, i), SchemaPointers.Child(pointer, "contains")).Problem is null)
            {
                found++;
                verdict.Items.Add(i);
            }
        }

        ExactNumber min = Limit(schema, "minContains") ?? new ExactNumber(1);
        ExactNumber? max = Limit(schema, "maxContains");
        if (new ExactNumber(found) < min || new ExactNumber(found) > max)
        {
            verdict.Problem = $"{instance.Path} has {found} items that 'contains' describes, not "
                + (max is { } most ? $"{min.Digits} to {most.Digits}" : $"at least {min.Digits}");
        }
    }

    private static string? FindCount(Instance instance, JsonElement schema, int count) =>
        new ExactNumber(count) < Limit(schema, "minItems")
            ? $"{instance.Path} has {count} items, but its minItems is {Limit(schema, "minItems")!.Value.Digits}"
            : new ExactNumber(count) > Limit(schema, "maxItems")
                ? $"{instance.Path} has {count} items, but its maxItems is {Limit(schema, "maxItems")!.Value.Digits}"
                : null;

    private static string? FindEqual(Instance instance, JsonElement schema, JsonElement[] items)
    {
        if (!schema.TryGetProperty("uniqueItems", out JsonElement unique) || unique.ValueKind != JsonValueKind.True)
        {
            return null;
        }

        for (int i = 0; i < items.Length; i++)
        {
            for (int j = i + 1; j < items.Length; j++)
            {
                if (JsonElement.DeepEquals(items[i], items[j]))
                {
                    return $"{instance.Path}[{j}] equals {instance.Path}[{i}], but the items must differ";
                }
            }
        }

        return null;
    }

    private static Instance At(Instance instance, JsonElement[] items, int index) => new(items[index], $"{instance.Path}[{index}]");

    private static ExactNumber? Limit(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? ExactNumber.Find(value) : null;
}
