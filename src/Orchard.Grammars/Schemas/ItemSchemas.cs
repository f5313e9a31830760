namespace Orchard.Grammars.Schemas;

/// <summary>The constraints of one schema on the items of an array. Subschemas are JSON pointers.</summary>
/// <param name="Prefix">The schemas of the first items, one for each.</param>
/// <param name="Rest">The schema of all other items; null allows anything.</param>
internal sealed record ItemSchemas(IReadOnlyList<string> Prefix, string? Rest)
{
    /// <summary>Whether <c>unevaluatedItems</c> counts these items as evaluated. Those of a negation are not.</summary>
    public bool IsEvaluating { get; init; } = true;
}
