using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Regular;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>
/// Finds the members of an object whose names the schema does not declare: by <c>patternProperties</c> or additional ones.
/// </summary>
/// <param name="reader">Reads the schemas of the values.</param>
/// <param name="patterns">Compiles regular expressions.</param>
/// <param name="notation">How values are written.</param>
/// <param name="ruleOf">Returns the rule for a value that must satisfy the schemas at some pointers.</param>
internal sealed class ExtraMembers(
    SchemaReader reader, SchemaPatterns patterns, ValueNotation notation, Func<IEnumerable<string>, GrammarNode> ruleOf)
{
    private static readonly CodePointSet NameCharacters = JsonGrammar.TextCharacters.Except(CodePointSet.Of((0, 0x1F)));

    /// <summary>Returns one kind of member for each pattern, and one for names that no pattern matches.</summary>
    /// <param name="all">The constraints on the object.</param>
    /// <param name="declared">The names that are declared.</param>
    /// <param name="names">The names that are allowed at all; null allows any.</param>
    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public IReadOnlyList<ExtraMember> Find(Constraints all, IReadOnlyList<string> declared, CodePointDfa? names)
    {
        (string Pattern, string Schema)[] matching = [.. all.Properties.SelectMany(schemas => schemas.Matching)];
        string[] additional = [.. all.Properties.Select(schemas => schemas.Additional).OfType<string>()];

        // Additional properties are generated only if the schema mentions them, needs them, or declares no others.
        bool hasAdditional = (declared.Count + matching.Length == 0 || all.MinProperties > 0 || additional.Length > 0)
            && reader.Read(additional).Count > 0;
        if (!hasAdditional && matching.Length == 0)
        {
            return [];
        }

        CodePointDfa free = patterns.Except(
            all.Path,
            "additionalProperties",
            CodePointDfas.AnyOf(NameCharacters),
            SchemaPatterns.OfTexts(all.Path, "properties", declared));
        if (names is not null)
        {
            free = patterns.Intersect(all.Path, "propertyNames", free, names);
        }

        string[] expressions = [.. matching.Select(entry => entry.Pattern).Distinct()];
        CodePointDfa unmatched = Without(all, free, expressions);
        var extras = new List<ExtraMember>();
        foreach (string expression in expressions)
        {
            // Names that match this pattern and no other one, so that it is clear which schemas apply to the value.
            CodePointDfa matched = patterns.Intersect(
                all.Path, "patternProperties", free, patterns.Search(all.Path, "patternProperties", expression));
            CodePointDfa only = Without(all, matched, expressions.Where(other => other != expression));
            if (!only.IsEmpty)
            {
                extras.Add(new ExtraMember(Member(only, ruleOf(SchemasFor(all, expression))), IsRepeatable: false));
            }
        }

        if (hasAdditional)
        {
            CodePointDfa repeatable = names is null ? unmatched.WithInfiniteContinuations() : CodePointDfa.None;
            CodePointDfa rest = repeatable.IsEmpty ? unmatched : repeatable;
            if (!rest.IsEmpty)
            {
                extras.Add(new ExtraMember(Member(rest, ruleOf(additional)), !repeatable.IsEmpty));
            }
        }

        return extras;
    }

    /// <summary>Returns the members of an object without any constraints.</summary>
    public IReadOnlyList<ExtraMember> FindAny() =>
        [new ExtraMember(Member(CodePointDfas.AnyOf(NameCharacters), ruleOf([])), IsRepeatable: true)];

    private GrammarNode Member(CodePointDfa names, GrammarNode value) => notation.Member(names.ToNode, value);

    // Of each schema with constraints on properties: the schemas of the pattern, or otherwise that of additional properties.
    private static IEnumerable<string> SchemasFor(Constraints all, string expression) => all.Properties.SelectMany(schemas =>
        schemas.Matching.Any(entry => entry.Pattern == expression)
            ? schemas.Matching.Where(entry => entry.Pattern == expression).Select(entry => entry.Schema)
            : schemas.Additional is { } other ? [other] : []);

    private CodePointDfa Without(Constraints all, CodePointDfa names, IEnumerable<string> expressions) => expressions.Aggregate(
        names,
        (rest, expression) => patterns.Except(
            all.Path, "patternProperties", rest, patterns.Search(all.Path, "patternProperties", expression, isWide: true)));
}
