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
    private readonly Dictionary<string, string> _byName = new(Declared, StringComparer.Ordinal);

    /// <summary>Returns the schemas that apply to a property.</summary>
    /// <param name="name">The name of the property.</param>
    /// <param name="patterns">Compiles the regular expressions.</param>
    /// <exception cref="SchemaException">Libraries disagree whether a pattern matches the name.</exception>
    public IEnumerable<string> For(string name, SchemaPatterns patterns)
    {
        bool any = false;
        if (_byName.TryGetValue(name, out string? declared))
        {
            any = true;
            yield return declared;
        }

        foreach ((string pattern, string schema) in Matching)
        {
            bool narrow = patterns.Search(Path, "patternProperties", pattern).Contains(name);
            if (narrow != patterns.Search(Path, "patternProperties", pattern, isWide: true).Contains(name))
            {
                throw new SchemaException(
                    Path,
                    "patternProperties",
                    $"whether '{pattern}' matches '{name}' depends on the library; list the characters instead of using \\d, \\w or \\s.");
            }

            if (narrow)
            {
                any = true;
                yield return schema;
            }
        }

        if (!any && Additional is not null)
        {
            yield return Additional;
        }
    }
}
