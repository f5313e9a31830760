using System.Text.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles JSON Schemas (draft 2020-12) to grammars for JSON texts.</summary>
/// <remarks>
/// Every text of the grammar is valid, but not every valid text is in the grammar. Properties come in the order of the schema. Properties
/// that it does not declare come last, and only if it has <c>additionalProperties</c> or declares no properties. No property occurs twice.
/// Numbers have at most fifteen digits before and six after the decimal point. White space is limited to single spaces after commas and
/// colons.
/// </remarks>
internal static class SchemaCompiler
{
    /// <summary>Returns the texts that are valid for a schema.</summary>
    /// <exception cref="SchemaException">The schema cannot be enforced.</exception>
    public static GrammarNode Compile(JsonElement schema) => Compile(schema, new CompilationBudget());

    /// <inheritdoc cref="Compile(JsonElement)"/>
    public static GrammarNode Compile(JsonElement schema, CompilationBudget budget) =>
        Guard(() => RequireProductive(Create(schema, budget).Values.RuleOf([""]), budget));

    /// <summary>
    /// Returns the texts that are valid for a schema of a tool's arguments: objects, even if the schema does not say so. If it declares
    /// properties, others are generated only if it says so.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="budget">Limits the work.</param>
    /// <exception cref="SchemaException">The schema cannot be enforced.</exception>
    public static GrammarNode CompileArguments(JsonElement schema, CompilationBudget budget) => Guard(() =>
    {
        (SchemaReader reader, _, ValueCompiler values) = Create(schema, budget);
        GrammarNode texts = HasNoProperties(schema)
            ? GrammarNode.Literal("{}")
            : GrammarNode.Choice([.. reader.Read([""]).Select(AsObject).Select(values.Compile)]);
        return RequireProductive(texts, budget);
    });

    /// <summary>
    /// Returns the values of a tool's arguments separately, in the order of the schema, for models that do not write them as one object.
    /// </summary>
    /// <param name="schema">The schema of the arguments.</param>
    /// <param name="isText">Returns whether an argument is a string that is written without quotes.</param>
    /// <param name="textEnd">The marker that ends such a string. Must have no special characters of regular expressions.</param>
    /// <param name="budget">Limits the work.</param>
    /// <exception cref="SchemaException">The schema cannot be enforced.</exception>
    public static IReadOnlyList<ArgumentTexts> CompileEach(
        JsonElement schema, Func<string, bool> isText, string textEnd, CompilationBudget budget) =>
        Guard<IReadOnlyList<ArgumentTexts>>(() =>
        {
            (SchemaReader reader, SchemaPatterns patterns, ValueCompiler values) = Create(schema, budget);
            if (HasNoProperties(schema))
            {
                return [];
            }

            if (reader.Read([""]) is not [var single])
            {
                throw new SchemaException(
                    "", null, "this model writes arguments one by one, so the schema must not have alternatives (anyOf, oneOf).");
            }

            Constraints all = AsObject(single);
            if (all.Values is not null || all.PropertyNames.Count > 0 || all.MinProperties > 0 || all.MaxProperties is not null
                || all.Properties.Any(schemas => schemas.Matching.Count > 0))
            {
                throw new SchemaException(
                    all.Path,
                    null,
                    "this model writes arguments one by one, so the schema of all arguments may only have 'properties' and 'required'.");
            }

            string[] names = [.. all.Properties.SelectMany(schemas => schemas.Declared.Select(pair => pair.Key)).Union(all.Required)];
            return [.. names.Select(name =>
            {
                IEnumerable<string> paths = all.SchemasOf(name, patterns);
                GrammarNode texts = isText(name) ? values.CompileTexts(paths, textEnd) : values.RuleOf(paths);
                return new ArgumentTexts(name, all.Required.Contains(name), RequireProductive(texts, budget));
            })];
        });

    /// <summary>Returns all JSON objects.</summary>
    public static GrammarNode AnyObject()
    {
        using var document = JsonDocument.Parse("""{"type":"object"}""");
        return Compile(document.RootElement);
    }

    private static (SchemaReader Reader, SchemaPatterns Patterns, ValueCompiler Values) Create(JsonElement schema, CompilationBudget budget)
    {
        var patterns = new SchemaPatterns(budget);
        var reader = new SchemaReader(new SchemaDocument(schema), patterns, budget);
        return (reader, patterns, new ValueCompiler(reader, patterns));
    }

    private static T Guard<T>(Func<T> compile)
    {
        try
        {
            return compile();
        }
        catch (InsufficientExecutionStackException)
        {
            throw new SchemaException("", null, "the schema is nested too deeply.");
        }
        catch (InvalidOperationException e)
        {
            // JsonElement throws this for a string with an unpaired surrogate.
            throw new SchemaException("", null, $"a string in the schema is not valid Unicode: {e.Message}");
        }
    }

    private static GrammarNode RequireProductive(GrammarNode texts, CompilationBudget budget)
    {
        var analysis = new GrammarAnalysis(budget);
        try
        {
            analysis.Add(texts);
        }
        catch (GrammarException e)
        {
            throw new SchemaException("", null, e.Message);
        }

        return analysis.IsProductive(texts) ? texts : throw new SchemaException("", null, "no value is valid for the schema.");
    }

    private static Constraints AsObject(Constraints all) => all with { Kinds = all.Kinds & JsonKinds.Object };

    private static bool HasNoProperties(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("properties", out JsonElement properties)
        && properties.ValueKind == JsonValueKind.Object
        && !properties.EnumerateObject().Any()
        && !schema.EnumerateObject().Any(keyword => keyword.Name is not ("properties" or "type" or "additionalProperties")
            && !SchemaKeywords.IsIgnored(keyword.Name))
        && !(schema.TryGetProperty("additionalProperties", out JsonElement others) && others.ValueKind != JsonValueKind.False);
}
