namespace Orchard.Grammars.Schemas;

/// <summary>A keyword of a schema that a grammar does not enforce.</summary>
/// <param name="Path">The location of the schema with the keyword, as a JSON pointer.</param>
/// <param name="Keyword">The keyword; null if the problem concerns the schema as a whole.</param>
/// <param name="Problem">What is wrong, as a sentence.</param>
/// <param name="IsIgnored">Whether the keyword has no effect at all; otherwise values are validated against it after generation.</param>
internal sealed record SchemaGap(string Path, string? Keyword, string Problem, bool IsIgnored);
