namespace Orchard.Grammars.Schemas;

/// <summary>The constraints of one schema on the properties of an object. Subschemas are JSON pointers.</summary>
/// <param name="Path">The pointer to the schema.</param>
/// <param name="Declared">The schemas of named properties, in order.</param>
/// <param name="Matching">The schemas of properties whose name contains a match of a regular expression.</param>
/// <param name="Additional">The schema of all other properties; null allows anything.</param>
internal sealed record PropertySchemas(
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Declared,
    IReadOnlyList<(string Pattern, string Schema)> Matching,
    string? Additional)
{
    /// <summary>Whether <c>unevaluatedProperties</c> counts these properties as evaluated. Those of a negation are not.</summary>
    public bool IsEvaluating { get; init; } = true;

    private readonly Dictionary<string, string> _byName = new(Declared, StringComparer.Ordinal);

    /// <summary>Returns the schemas that apply to a property.</summary>
    /// <param name="name">The name of the property.</param>
    /// <param name="patterns">Compiles the regular expressions.</param>
    /// <param name="gaps">Receives the patterns of which it is not clear whether they match the name.</param>
    /// <exception cref="SchemaException">There is one, and the schema must be enforced.</exception>
    public IEnumerable<string> For(string name, SchemaPatterns patterns, SchemaGaps gaps)
    {
        bool any = false;
        if (_byName.TryGetValue(name, out string? declared))
        {
            any = true;
            yield return declared;
        }

        foreach ((string pattern, string schema) in Matching)
        {
            bool? matches = Matches(name, pattern, patterns, gaps);
            any |= matches != false;
            if (matches == true)
            {
                yield return schema;
            }
        }

        if (!any && Additional is not null)
        {
            yield return Additional;
        }
    }

    // Null if that is not clear, so that neither this pattern's schema nor that of additional properties can be enforced.
    private bool? Matches(string name, string pattern, SchemaPatterns patterns, SchemaGaps gaps)
    {
        try
        {
            bool narrow = patterns.Search(Path, "patternProperties", pattern).Contains(name);
            return narrow == patterns.Search(Path, "patternProperties", pattern, isWide: true).Contains(name)
                ? narrow
                : throw new SchemaException(
                    Path,
                    "patternProperties",
                    $"whether '{pattern}' matches '{name}' depends on the library; list the characters instead of using \\d, \\w or \\s.");
        }
        catch (SchemaException e)
        {
            gaps.Add(e);
            return null;
        }
    }
}
