using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Combines alternatives, each a set of <see cref="Constraints"/>.</summary>
internal static class AlternativeReader
{
    private const int MaxAlternatives = 1_000;

    /// <summary>Returns the alternatives for values that satisfy one of the left and one of the right.</summary>
    /// <exception cref="SchemaException">There are too many.</exception>
    public static IReadOnlyList<Constraints> And(string path, IReadOnlyList<Constraints> left, IReadOnlyList<Constraints> right)
    {
        if ((long)left.Count * right.Count > MaxAlternatives)
        {
            throw new SchemaException(
                path, null, $"its alternatives (anyOf, oneOf) have more than {MaxAlternatives:N0} combinations; use fewer alternatives.");
        }

        return [.. left.SelectMany(a => right.Select(b => a.And(b))).Where(both => !Satisfiability.IsPlainlyEmpty(both))];
    }

    /// <summary>Returns the pointers to the schemas in the list of <c>allOf</c>, <c>anyOf</c> or <c>oneOf</c>.</summary>
    /// <exception cref="SchemaException">The value is not such a list.</exception>
    public static IEnumerable<string> Branches(string path, JsonProperty keyword) =>
        Enumerable.Range(0, KeywordValues.SchemaCount(path, keyword)).Select(i => SchemaPointers.Child(path, keyword.Name, i));

    /// <summary>Returns the constraint that an object has no property of a name.</summary>
    public static Constraints Without(string path, string name) => Constraints.None with
    {
        Path = path,
        Properties = [new PropertySchemas(path, [KeyValuePair.Create(name, SchemaPointers.Never)], [], null) { IsEvaluating = false }],
    };

    /// <summary>
    /// Returns the alternatives of the dependencies on a property: objects without the property, and those that satisfy what it requires.
    /// </summary>
    /// <param name="path">The pointer to the schema.</param>
    /// <param name="keyword">The keyword with the dependencies.</param>
    /// <param name="read">Returns the alternatives of the schema at a pointer.</param>
    public static IEnumerable<Func<IReadOnlyList<Constraints>>> Dependencies(
        string path, JsonProperty keyword, Func<string, IReadOnlyList<Constraints>> read)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Object)
        {
            throw KeywordValues.Invalid(path, keyword, "an object");
        }

        string parent = SchemaPointers.Child(path, keyword.Name);
        return keyword.Value.EnumerateObject().Select(
            pair => (Func<IReadOnlyList<Constraints>>)(() => Dependency(path, pair, SchemaPointers.Child(parent, pair.Name), read)));
    }

    private static IReadOnlyList<Constraints> Dependency(
        string path, JsonProperty pair, string child, Func<string, IReadOnlyList<Constraints>> read)
    {
        Constraints without = Without(path, pair.Name);
        if (pair.Value.ValueKind == JsonValueKind.Array)
        {
            string[] names = KeywordValues.Names(path, pair);
            return names.Length == 0 ? [Constraints.None] : [without, Constraints.None with { Path = path, Required = names }];
        }

        // Whether the schema applies decides what counts as evaluated, so the alternatives exclude each other.
        Constraints with = Constraints.None with { Path = path, Kinds = JsonKinds.Object, Required = [pair.Name] };
        return [without, .. And(path, [with], read(child))];
    }

    /// <summary>Adds the schema of <c>unevaluatedProperties</c>: that of all properties which no other schema evaluates.</summary>
    /// <param name="all">All constraints of the schema with the keyword.</param>
    /// <param name="path">The pointer to that schema.</param>
    public static Constraints WithUnevaluatedProperties(Constraints all, string path)
    {
        PropertySchemas[] evaluating = [.. all.Properties.Where(schemas => schemas.IsEvaluating)];
        if (evaluating.Any(schemas => schemas.Additional is not null))
        {
            return all;
        }

        var rest = new PropertySchemas(
            path,
            [.. evaluating.SelectMany(schemas => schemas.Declared).Select(pair => KeyValuePair.Create(pair.Key, SchemaPointers.Always))
                .DistinctBy(pair => pair.Key)],
            [.. evaluating.SelectMany(schemas => schemas.Matching).Select(entry => (entry.Pattern, SchemaPointers.Always)).Distinct()],
            SchemaPointers.Child(path, "unevaluatedProperties"));
        return all with { Properties = [.. all.Properties, rest] };
    }

    /// <summary>Adds the schema of <c>unevaluatedItems</c>: that of all items which no other schema evaluates.</summary>
    /// <inheritdoc cref="WithUnevaluatedProperties"/>
    /// <exception cref="SchemaException">Which items are evaluated depends on their values.</exception>
    public static Constraints WithUnevaluatedItems(Constraints all, string path)
    {
        ItemSchemas[] evaluating = [.. all.Items.Where(schemas => schemas.IsEvaluating)];
        if (evaluating.Any(schemas => schemas.Rest is not null))
        {
            return all;
        }

        if (all.Contained.Count > 0)
        {
            throw new SchemaException(path, "unevaluatedItems", "this keyword cannot be combined with 'contains'.");
        }

        int prefix = evaluating.Length == 0 ? 0 : evaluating.Max(schemas => schemas.Prefix.Count);
        var rest = new ItemSchemas(
            [.. Enumerable.Repeat(SchemaPointers.Always, prefix)], SchemaPointers.Child(path, "unevaluatedItems"));
        return all with { Items = [.. all.Items, rest] };
    }
}
