using System.Text.Json;
using Orchard.Grammars.Json;
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
    /// <param name="schema">The schema.</param>
    /// <param name="gaps">Receives what the texts may violate; null to refuse that.</param>
    /// <exception cref="SchemaException">No text is valid for the schema, or a keyword cannot be enforced and must be.</exception>
    public static GrammarNode Compile(JsonElement schema, SchemaGaps? gaps = null) =>
        Guard(() =>
        {
            (_, _, ValueCompiler values, SchemaGaps found) = Create(schema, gaps);
            return RequireProductive(values.RuleOf([""]), found.Budget);
        });

    /// <summary>
    /// Returns the texts that are valid for a schema of a tool's arguments: objects, even if the schema does not say so. If it declares
    /// properties, others are generated only if it says so.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="gaps">Receives what the texts may violate; null to refuse that.</param>
    /// <param name="notation">How they are written; null for JSON.</param>
    /// <exception cref="SchemaException">No object is valid for the schema, or a keyword cannot be enforced and must be.</exception>
    public static GrammarNode CompileArguments(JsonElement schema, SchemaGaps? gaps = null, ValueNotation? notation = null) => Guard(() =>
    {
        (SchemaReader reader, _, ValueCompiler values, SchemaGaps found) = Create(schema, gaps, notation);
        GrammarNode texts = HasNoProperties(schema)
            ? GrammarNode.Literal("{}")
            : GrammarNode.Choice([.. reader.Read([""]).Select(AsObject).Select(values.Compile)]);
        return RequireProductive(texts, found.Budget);
    });

    /// <summary>
    /// Returns the values of a tool's arguments separately, in the order of the schema, for models that do not write them as one object.
    /// </summary>
    /// <param name="schema">The schema of the arguments.</param>
    /// <param name="textEnd">The marker that ends a string; null if strings are written in the notation.</param>
    /// <param name="gaps">Receives what the arguments may violate; null to refuse that.</param>
    /// <param name="notation">How values are written; null for JSON.</param>
    /// <exception cref="SchemaException">No object is valid for the schema, or a keyword cannot be enforced and must be.</exception>
    public static IReadOnlyList<ArgumentTexts> CompileEach(
        JsonElement schema, string? textEnd, SchemaGaps? gaps = null, ValueNotation? notation = null) =>
        Guard<IReadOnlyList<ArgumentTexts>>(() =>
        {
            if (HasNoProperties(schema))
            {
                return [];
            }

            (SchemaReader reader, SchemaPatterns patterns, ValueCompiler values, SchemaGaps found) = Create(schema, gaps, notation);
            Constraints[] all = [.. reader.Read([""]).Select(AsObject).Where(one => one.Kinds != JsonKinds.None)];
            if (all.Length > 1)
            {
                found.Add(new SchemaException(
                    "", null, "this model writes arguments one by one, so alternatives (anyOf, oneOf) are not told apart."));
            }

            foreach (Constraints one in all.Where(one => one.Values is not null || one.PropertyNames.Count > 0
                || one.MinProperties > one.Required.Count || one.MaxProperties is not null
                || one.Properties.Any(schemas => schemas.Matching.Count > 0)))
            {
                found.Add(new SchemaException(
                    one.Path,
                    null,
                    "this model writes arguments one by one, so the schema of all arguments may only have 'properties' and 'required'."));
            }

            string[] names =
            [
                .. all.SelectMany(one => one.Properties
                    .SelectMany(schemas => schemas.Declared.Select(pair => pair.Key))
                    .Union(one.Required)).Distinct(),
            ];
            var arguments = new List<ArgumentTexts>();
            foreach (string name in names)
            {
                GrammarNode texts = GrammarNode.Choice(
                    [.. all.Select(one => Argument(values, one.SchemasOf(name, patterns, found), textEnd))]);
                bool isRequired = all.All(one => one.Required.Contains(name));
                if (isRequired || IsProductive(texts, found.Budget))
                {
                    string[][] paths = [.. all.Select(one => one.SchemasOf(name, patterns, found).ToArray())];
                    arguments.Add(new ArgumentTexts(
                        name,
                        isRequired,
                        RequireProductive(texts, found.Budget),
                        new Lazy<GrammarNode>(() => GrammarNode.Choice([.. paths.Select(one => values.CompileStrings(one, textEnd!))])),
                        new Lazy<GrammarNode>(() => GrammarNode.Choice([.. paths.Select(values.CompileOthers)]))));
                }
            }

            return arguments;
        });

    /// <summary>Returns the values of an argument without a schema.</summary>
    /// <param name="textEnd">The marker that ends a string; null if strings are written in the notation.</param>
    /// <param name="notation">How values are written; null for JSON.</param>
    public static GrammarNode AnyArgument(string? textEnd, ValueNotation? notation = null)
    {
        using var document = JsonDocument.Parse("true");
        return Argument(Create(document.RootElement.Clone(), null, notation).Values, [], textEnd);
    }

    /// <summary>Returns all JSON objects.</summary>
    public static GrammarNode AnyObject()
    {
        using var document = JsonDocument.Parse("""{"type":"object"}""");
        return Compile(document.RootElement);
    }

    private static (SchemaReader Reader, SchemaPatterns Patterns, ValueCompiler Values, SchemaGaps Gaps) Create(
        JsonElement schema, SchemaGaps? gaps, ValueNotation? notation = null)
    {
        gaps ??= new SchemaGaps(isStrict: true);
        var patterns = new SchemaPatterns(gaps.Budget);
        var reader = new SchemaReader(new SchemaDocument(schema), patterns, gaps);
        return (reader, patterns, new ValueCompiler(reader, patterns, gaps, notation ?? ValueNotation.Json), gaps);
    }

    private static GrammarNode Argument(ValueCompiler values, IEnumerable<string> paths, string? textEnd) =>
        textEnd is null ? values.RuleOf(paths) : values.CompileArgument(paths, textEnd);

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

    private static bool IsProductive(GrammarNode texts, CompilationBudget budget)
    {
        var analysis = new GrammarAnalysis(budget);
        analysis.Add(texts);
        return analysis.IsProductive(texts);
    }

    private static GrammarNode RequireProductive(GrammarNode texts, CompilationBudget budget)
    {
        try
        {
            return IsProductive(texts, budget) ? texts : throw new SchemaException("", null, "no value is valid for the schema.");
        }
        catch (GrammarException e)
        {
            throw new SchemaException("", null, e.Message);
        }
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
