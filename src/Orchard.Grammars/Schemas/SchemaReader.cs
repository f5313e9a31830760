using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>Reads schemas into the alternatives they leave, each a set of <see cref="Constraints"/>. Refuses every keyword it does not enforce.</summary>
/// <remarks>
/// Ignored are the keywords that the standard calls annotations, those that only define or name something, and names that begin with
/// <c>x-</c>. The standard lets a reader ignore unknown ones as well; here they are refused, since they are misspelled ones most of the time.
/// </remarks>
internal sealed class SchemaReader(SchemaDocument document)
{
    private const int MaxAlternatives = 1_000;

    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "$dynamicAnchor", "title", "description", "default", "examples",
        "deprecated", "readOnly", "writeOnly",
    };

    private static readonly HashSet<string> Unsupported = new(StringComparer.Ordinal)
    {
        "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$vocabulary", "not", "if", "then", "else", "contains", "minContains",
        "maxContains", "uniqueItems", "unevaluatedItems", "unevaluatedProperties", "dependentSchemas", "dependentRequired", "dependencies",
        "additionalItems", "contentEncoding", "contentMediaType", "contentSchema",
    };

    private readonly HashSet<string> _open = [];
    private readonly Dictionary<string, IReadOnlyList<Constraints>> _read = [];

    /// <summary>Whether a keyword says nothing about values.</summary>
    public static bool IsIgnored(string keyword) => Ignored.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>The alternatives for a value that must hold to the schemas at all these places.</summary>
    /// <exception cref="SchemaException">One of them cannot be enforced.</exception>
    public IReadOnlyList<Constraints> Read(IEnumerable<string> places) =>
        places.Aggregate((IReadOnlyList<Constraints>)[Constraints.None], (known, place) => Cross(place, known, Read(place)));

    private IReadOnlyList<Constraints> Read(string place)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_read.TryGetValue(place, out IReadOnlyList<Constraints>? known))
        {
            return known;
        }

        if (!_open.Add(place))
        {
            throw new SchemaException(place, "$ref", "it refers to itself without getting anywhere.") { IsCycle = true };
        }

        try
        {
            JsonElement schema = document[place];
            IReadOnlyList<Constraints> read = schema.ValueKind switch
            {
                JsonValueKind.True => [Constraints.None with { Path = place }],
                JsonValueKind.False => [],
                JsonValueKind.Object => ReadObject(place, schema),
                _ => throw new SchemaException(place, null, $"a schema is an object or a boolean, not {schema.GetRawText()}."),
            };
            _read.Add(place, read);
            return read;
        }
        finally
        {
            _open.Remove(place);
        }
    }

    private IReadOnlyList<Constraints> ReadObject(string place, JsonElement schema)
    {
        Constraints own = ReadOwn(place, schema);
        IReadOnlyList<Constraints> all = [own];
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    all = Cross(place, all, Read(document.Resolve(place, keyword.Value)));
                    break;
                case "allOf":
                    for (int i = 0; i < SchemasOf(place, keyword); i++)
                    {
                        all = Cross(place, all, Read(SchemaDocument.Child(place, "allOf", i)));
                    }

                    break;
                case "anyOf":
                    all = Cross(place, all, [.. Branches(place, keyword).SelectMany(branch => branch)]);
                    break;
                case "oneOf":
                    IReadOnlyList<Constraints>[] branches = [.. Branches(place, keyword)];
                    RequireDisjoint(place, own, branches);
                    all = Cross(place, all, [.. branches.SelectMany(branch => branch)]);
                    break;
            }
        }

        return all;
    }

    private IEnumerable<IReadOnlyList<Constraints>> Branches(string place, JsonProperty keyword) =>
        Enumerable.Range(0, SchemasOf(place, keyword)).Select(i => Read(SchemaDocument.Child(place, keyword.Name, i)));

    private static int SchemasOf(string place, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Array && keyword.Value.GetArrayLength() is > 0 and var count
            ? count
            : throw Bad(place, keyword, "a list of at least one schema");

    private static IReadOnlyList<Constraints> Cross(string place, IReadOnlyList<Constraints> left, IReadOnlyList<Constraints> right)
    {
        if ((long)left.Count * right.Count > MaxAlternatives)
        {
            throw new SchemaException(place, null, $"its alternatives, with all they must hold together with, are more than {MaxAlternatives:N0}.");
        }

        return [.. left.SelectMany(a => right.Select(b => a.And(b))).Where(both => !IsPlainlyEmpty(both))];
    }

    private void RequireDisjoint(string place, Constraints own, IReadOnlyList<Constraints>[] branches)
    {
        for (int i = 0; i < branches.Length; i++)
        {
            for (int j = i + 1; j < branches.Length; j++)
            {
                foreach (Constraints a in branches[i])
                {
                    foreach (Constraints b in branches[j])
                    {
                        if (!IsEmpty(own.And(a).And(b), depth: 0))
                        {
                            throw new SchemaException(
                                place, "oneOf", $"the alternatives {i} and {j} may both hold; give them a property with different constants, or use anyOf.");
                        }
                    }
                }
            }
        }
    }

    // Whether no value can hold to it, as far as that is seen without looking into parts.
    private static bool IsPlainlyEmpty(Constraints all) => all.Kinds == JsonKinds.None || all.Values is { Count: 0 };

    private bool IsEmpty(Constraints all, int depth) =>
        IsPlainlyEmpty(all) || FindKinds(all, depth) == JsonKinds.None;

    private JsonKinds FindKinds(Constraints all, int depth)
    {
        JsonKinds kinds = all.Kinds;
        if (all.Values is { } values)
        {
            kinds &= values.Where(value => all.Allows(value) != false).Aggregate(JsonKinds.None, (sum, value) => sum | SchemaValues.KindOf(value));
        }

        if (all.Minimum > all.Maximum || (all.Minimum == all.Maximum && all.Minimum is not null && (all.IsMinimumExclusive || all.IsMaximumExclusive)))
        {
            kinds &= ~JsonKinds.Number;
        }

        if (all.MinLength > all.MaxLength || (kinds.HasFlag(JsonKinds.String) && all.FindStrings() is { IsEmpty: true }))
        {
            kinds &= ~JsonKinds.String;
        }

        if (all.MinItems > all.MaxItems)
        {
            kinds &= ~JsonKinds.Array;
        }

        if (kinds.HasFlag(JsonKinds.Object)
            && (all.MinProperties > all.MaxProperties
                || (depth < 4 && all.Required.Any(name => IsEmptyProperty(all, name, depth + 1)))))
        {
            kinds &= ~JsonKinds.Object;
        }

        return kinds;
    }

    private bool IsEmptyProperty(Constraints all, string name, int depth)
    {
        try
        {
            return Read(all.PropertyPlaces(name)).All(value => IsEmpty(value, depth));
        }
        catch (SchemaException e) when (e.IsCycle)
        {
            return false; // it is of the kind that is being read, so it is not known yet
        }
    }

    private static Constraints ReadOwn(string place, JsonElement schema)
    {
        Constraints all = Constraints.None with { Path = place };
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            all = keyword.Name switch
            {
                "type" => ReadType(place, keyword, all),
                "enum" => all with
                {
                    Values = keyword.Value.ValueKind == JsonValueKind.Array
                        ? [.. keyword.Value.EnumerateArray().Where(value => all.Values?.Any(other => JsonElement.DeepEquals(value, other)) ?? true)]
                        : throw Bad(place, keyword, "a list of values"),
                },
                "const" => all with
                {
                    Values = all.Values?.Any(other => JsonElement.DeepEquals(keyword.Value, other)) ?? true ? [keyword.Value] : [],
                },
                "minimum" => all.And(Constraints.None with { Minimum = Number(place, keyword) }),
                "exclusiveMinimum" => all.And(Constraints.None with { Minimum = Number(place, keyword), IsMinimumExclusive = true }),
                "maximum" => all.And(Constraints.None with { Maximum = Number(place, keyword) }),
                "exclusiveMaximum" => all.And(Constraints.None with { Maximum = Number(place, keyword), IsMaximumExclusive = true }),
                "multipleOf" => all with { MultipleOf = Multiple(place, keyword) },
                "minLength" => all with { MinLength = Count(place, keyword) },
                "maxLength" => all with { MaxLength = Count(place, keyword) },
                "pattern" => all with { Patterns = [(place, Text(place, keyword))] },
                "format" => all with { Formats = [(place, Text(place, keyword))] },
                "minItems" => all with { MinItems = Count(place, keyword) },
                "maxItems" => all with { MaxItems = Count(place, keyword) },
                "minProperties" => all with { MinProperties = Count(place, keyword) },
                "maxProperties" => all with { MaxProperties = Count(place, keyword) },
                "required" => all with { Required = Names(place, keyword) },
                "propertyNames" => all with { PropertyNames = [SchemaDocument.Child(place, "propertyNames")] },
                "uniqueItems" when keyword.Value.ValueKind == JsonValueKind.False => all,
                "$ref" or "allOf" or "anyOf" or "oneOf" or "properties" or "patternProperties" or "additionalProperties" or "items" or "prefixItems" => all,
                var name when IsIgnored(name) => all,
                var name when Unsupported.Contains(name) => throw new SchemaException(place, name, "it cannot be enforced."),
                var name => throw new SchemaException(place, name, "it is not known."),
            };
        }

        if (place.Length > 0 && schema.TryGetProperty("$id", out _))
        {
            throw new SchemaException(place, "$id", "only the schema as a whole may have an $id.");
        }

        return ReadItems(place, schema, ReadProperties(place, schema, all));
    }

    private static Constraints ReadProperties(string place, JsonElement schema, Constraints all)
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
            throw new SchemaException(place, "properties", "it must be an object of schemas.");
        }

        if (hasMatching && matching.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException(place, "patternProperties", "it must be an object of schemas.");
        }

        string under = SchemaDocument.Child(place, "properties");
        string matchingUnder = SchemaDocument.Child(place, "patternProperties");
        KeyValuePair<string, string>[] named = hasDeclared
            ? [.. declared.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, SchemaDocument.Child(under, member.Name))).DistinctBy(pair => pair.Key)]
            : [];
        return all with
        {
            Properties =
            [
                new PropertyRules(
                    place,
                    named,
                    hasMatching ? [.. matching.EnumerateObject().Select(member => (member.Name, SchemaDocument.Child(matchingUnder, member.Name)))] : [],
                    hasAdditional ? SchemaDocument.Child(place, "additionalProperties") : null),
            ],
        };
    }

    private static Constraints ReadItems(string place, JsonElement schema, Constraints all)
    {
        bool hasPrefix = schema.TryGetProperty("prefixItems", out JsonElement prefix);
        bool hasItems = schema.TryGetProperty("items", out JsonElement items);
        if (!hasPrefix && !hasItems)
        {
            return all;
        }

        if (hasPrefix && (prefix.ValueKind != JsonValueKind.Array || prefix.GetArrayLength() == 0))
        {
            throw new SchemaException(place, "prefixItems", "it must be a list of at least one schema.");
        }

        if (hasItems && items.ValueKind == JsonValueKind.Array)
        {
            throw new SchemaException(place, "items", "it must be a schema; a list of schemas is called prefixItems today.");
        }

        return all with
        {
            Items =
            [
                new ItemRules(
                    hasPrefix ? [.. Enumerable.Range(0, prefix.GetArrayLength()).Select(i => SchemaDocument.Child(place, "prefixItems", i))] : [],
                    hasItems ? SchemaDocument.Child(place, "items") : null),
            ],
        };
    }

    private static Constraints ReadType(string place, JsonProperty keyword, Constraints all)
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
                _ => throw Bad(place, keyword, "null, boolean, integer, number, string, array, object, or a list of these"),
            };
        }

        return all with { Kinds = kinds, IsInteger = hasInteger && !hasNumber };
    }

    private static decimal? Number(string place, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number)
        {
            throw Bad(place, keyword, "a number");
        }

        // A reader holds it as a double; one that is not that number exactly as written could let its neighbour pass.
        return keyword.Value.TryGetDecimal(out decimal value) && Math.Abs(value) < 1e20m && (value == 0 || Math.Abs(value) >= 1e-6m)
            && (value == decimal.Floor(value) || new decimal(keyword.Value.GetDouble()) == value)
            ? value
            : throw new SchemaException(place, keyword.Name, $"{keyword.Value.GetRawText()} is too large or too small to be held exactly.");
    }

    private static BigInteger Multiple(string place, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number || !keyword.Value.TryGetDecimal(out decimal value) || value <= 0)
        {
            throw Bad(place, keyword, "a number above 0");
        }

        return value == decimal.Floor(value) && value <= 1_000
            ? new BigInteger(value)
            : throw new SchemaException(place, keyword.Name, $"{keyword.Value.GetRawText()} cannot be enforced; whole numbers up to 1,000 can.");
    }

    private static int Count(string place, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Number && keyword.Value.TryGetDecimal(out decimal value) && value >= 0 && value == decimal.Floor(value)
            ? (int)Math.Min(value, int.MaxValue)
            : throw Bad(place, keyword, "a whole number from 0");

    private static string Text(string place, JsonProperty keyword)
    {
        try
        {
            return keyword.Value.ValueKind == JsonValueKind.String ? keyword.Value.GetString()! : throw Bad(place, keyword, "a text");
        }
        catch (InvalidOperationException)
        {
            throw new SchemaException(place, keyword.Name, "it has an unpaired surrogate.");
        }
    }

    private static string[] Names(string place, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Array && keyword.Value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. keyword.Value.EnumerateArray().Select(name => name.GetString()!).Distinct()]
            : throw Bad(place, keyword, "a list of names");

    private static SchemaException Bad(string place, JsonProperty keyword, string expected) => new(
        place, keyword.Name, string.Create(CultureInfo.InvariantCulture, $"it must be {expected}."));
}
