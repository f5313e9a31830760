namespace Orchard.Grammars.Schemas;

/// <summary>A schema that a number of items of an array must satisfy.</summary>
/// <param name="Path">The pointer to the schema with <c>contains</c>.</param>
/// <param name="Schema">The pointer to the schema of these items.</param>
/// <param name="Min">How many items must satisfy it at least.</param>
internal sealed record ContainedItems(string Path, string Schema, int Min);
