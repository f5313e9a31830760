namespace Orchard.Engine.Grammars.Schemas;

/// <summary>A JSON Schema that cannot be enforced.</summary>
/// <param name="path">Where, as a JSON pointer.</param>
/// <param name="keyword">Which keyword; null when it is about the schema as a whole.</param>
/// <param name="problem">What about it.</param>
internal sealed class SchemaException(string path, string? keyword, string problem)
    : Exception($"The schema at '#{path}'{(keyword is null ? "" : $", keyword '{keyword}'")}: {problem}")
{
    public string Path { get; } = path;

    public string? Keyword { get; } = keyword;

    /// <summary>Whether it is about a schema that is part of itself.</summary>
    public bool IsCycle { get; init; }
}
