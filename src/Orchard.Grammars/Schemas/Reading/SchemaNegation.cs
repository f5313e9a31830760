using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads the negation of schemas: the alternatives of which at least one must hold for a value that violates a schema.</summary>
/// <param name="document">The document with the schemas.</param>
/// <param name="read">Returns the alternatives of the schemas at some pointers.</param>
internal sealed class SchemaNegation(SchemaDocument document, Func<IEnumerable<string>, IReadOnlyList<Constraints>> read)
{
    /// <summary>Returns the alternatives for values that violate the schema at a pointer.</summary>
    /// <exception cref="SchemaException">The negation of one of its keywords cannot be expressed.</exception>
    public IReadOnlyList<Constraints> Of(string path)
    {
        JsonElement schema = document[path];
        return schema.ValueKind switch
        {
            JsonValueKind.True => [],
            JsonValueKind.False => [Constraints.None with { Path = path }],
            JsonValueKind.Object => [.. schema.EnumerateObject().SelectMany(keyword => Of(path, schema, keyword))],
            _ => throw new SchemaException(path, null, $"a schema must be an object or a boolean, not {schema.GetRawText()}.")
            {
                IsMeaningless = true,
            },
        };
    }

    private IEnumerable<Constraints> Of(string path, JsonElement schema, JsonProperty keyword)
    {
        Constraints own = KeywordReader.Read(path, schema, keyword) ?? Constraints.None;
        string child = SchemaPointers.Child(path, keyword.Name);
        Constraints none = Constraints.None with { Path = path };
        switch (keyword.Name)
        {
            case "type":
                return OfType(none, own);
            case "const" or "enum":
                return OfValues(none, keyword, own.Values!);
            case "minimum" or "exclusiveMinimum":
                return own.Minimum is null
                    ? []
                    : [none with { Kinds = JsonKinds.Number, Maximum = own.Minimum, IsMaximumExclusive = !own.IsMinimumExclusive }];
            case "maximum" or "exclusiveMaximum":
                return own.Maximum is null
                    ? []
                    : [none with { Kinds = JsonKinds.Number, Minimum = own.Maximum, IsMinimumExclusive = !own.IsMaximumExclusive }];
            case "minLength":
                return own.MinLength == 0 ? [] : [none with { Kinds = JsonKinds.String, MaxLength = own.MinLength - 1 }];
            case "maxLength":
                return own.MaxLength == int.MaxValue ? [] : [none with { Kinds = JsonKinds.String, MinLength = own.MaxLength!.Value + 1 }];
            case "minItems":
                return own.MinItems == 0 ? [] : [none with { Kinds = JsonKinds.Array, MaxItems = own.MinItems - 1 }];
            case "maxItems":
                return own.MaxItems == int.MaxValue ? [] : [none with { Kinds = JsonKinds.Array, MinItems = own.MaxItems!.Value + 1 }];
            case "minProperties":
                return own.MinProperties == 0 ? [] : [none with { Kinds = JsonKinds.Object, MaxProperties = own.MinProperties - 1 }];
            case "maxProperties":
                return own.MaxProperties == int.MaxValue
                    ? []
                    : [none with { Kinds = JsonKinds.Object, MinProperties = own.MaxProperties!.Value + 1 }];
            case "pattern":
                return [none with { Kinds = JsonKinds.String, ForbiddenPatterns = own.Patterns }];
            case "required":
                return own.Required.Select(name => AlternativeReader.Without(path, name) with { Kinds = JsonKinds.Object });
            case "properties" when keyword.Value.ValueKind == JsonValueKind.Object:
                return keyword.Value.EnumerateObject().Select(member => With(none, member.Name, SchemaPointers.Child(child, member.Name)));
            case "items" when keyword.Value.ValueKind != JsonValueKind.Array && !schema.TryGetProperty("prefixItems", out _):
                return [none with { Kinds = JsonKinds.Array, Contained = [new ContainedItems(path, SchemaPointers.Not + child, 1)] }];
            case "contains" when !schema.TryGetProperty("minContains", out _) && !schema.TryGetProperty("maxContains", out _):
                var others = new ItemSchemas([], SchemaPointers.Not + child) { IsEvaluating = false };
                return [none with { Kinds = JsonKinds.Array, Items = [others] }];
            case "allOf":
                return AlternativeReader.Branches(path, keyword).SelectMany(Of);
            case "anyOf":
                IEnumerable<string> branches = AlternativeReader.Branches(path, keyword);
                return AlternativeReader.And(path, [none], read(branches.Select(branch => SchemaPointers.Not + branch)));
            case "not":
                return read([child]).Select(all => all with
                {
                    Properties = [.. all.Properties.Select(schemas => schemas with { IsEvaluating = false })],
                    Items = [.. all.Items.Select(schemas => schemas with { IsEvaluating = false })],
                });
            case "$ref":
                return read([SchemaPointers.Not + document.Resolve(path, keyword.Name, keyword.Value)]);
            case "dependentRequired" when keyword.Value.ValueKind == JsonValueKind.Object:
                return keyword.Value.EnumerateObject().SelectMany(pair => KeywordValues.Names(path, pair).Select(
                    name => AlternativeReader.Without(path, name) with { Kinds = JsonKinds.Object, Required = [pair.Name] }));
            case "uniqueItems" when !own.HasUniqueItems:
            case "additionalProperties" or "unevaluatedProperties" or "unevaluatedItems" when keyword.Value.ValueKind == JsonValueKind.True:
            case var name when SchemaKeywords.IsIgnored(name) || !KeywordReader.IsKnown(name):
                return [];
            default:
                throw new SchemaException(
                    path, keyword.Name, "the negation of this keyword (in 'not', 'if' or 'oneOf') cannot be enforced.");
        }
    }

    private static Constraints With(Constraints none, string name, string schema) => none with
    {
        Kinds = JsonKinds.Object,
        Required = [name],
        Properties =
        [
            new PropertySchemas(none.Path, [KeyValuePair.Create(name, SchemaPointers.Not + schema)], [], null) { IsEvaluating = false },
        ],
    };

    private static IEnumerable<Constraints> OfType(Constraints none, Constraints own)
    {
        JsonKinds others = JsonKinds.All & ~own.Kinds;
        if (others != JsonKinds.None)
        {
            yield return none with { Kinds = others };
        }

        if (own.IsInteger)
        {
            yield return none with { Kinds = JsonKinds.Number, IsFraction = true };
        }
    }

    private static IEnumerable<Constraints> OfValues(Constraints none, JsonProperty keyword, IReadOnlyList<JsonElement> values)
    {
        JsonKinds named = values.Aggregate(JsonKinds.None, (kinds, value) => kinds | ConstantChecker.KindOf(value));
        if (values.Any(value => value.ValueKind is JsonValueKind.Array or JsonValueKind.Object))
        {
            throw new SchemaException(none.Path, keyword.Name, "values other than an object or array cannot be enforced.");
        }

        yield return none with { Kinds = JsonKinds.All & ~named };
        if (named.HasFlag(JsonKinds.String))
        {
            string[] texts = [.. values.Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)];
            yield return none with { Kinds = JsonKinds.String, Excluded = texts };
        }

        if (named.HasFlag(JsonKinds.Boolean) && !(values.Any(IsTrue) && values.Any(value => value.ValueKind == JsonValueKind.False)))
        {
            yield return none with { Values = [JsonElement.Parse(values.Any(IsTrue) ? "false" : "true")] };
        }

        if (named.HasFlag(JsonKinds.Number))
        {
            ExactNumber?[] numbers =
            [
                null,
                .. values.Where(value => value.ValueKind == JsonValueKind.Number).Select(ExactNumber.Find).Order().Distinct(),
                null,
            ];
            for (int i = 1; i < numbers.Length; i++)
            {
                yield return none with
                {
                    Kinds = JsonKinds.Number,
                    Minimum = numbers[i - 1],
                    IsMinimumExclusive = true,
                    Maximum = numbers[i],
                    IsMaximumExclusive = true,
                };
            }
        }

        static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True;
    }
}
