namespace Orchard.Grammars.Schemas;

/// <summary>A JSON Schema that cannot be enforced.</summary>
/// <param name="path">Where, as a JSON pointer.</param>
/// <param name="keyword">Which keyword; null when it is about the schema as a whole.</param>
/// <param name="problem">What about it.</param>
/// <param name="tool">The tool whose arguments it describes; null when it is of an answer.</param>
internal sealed class SchemaException(string path, string? keyword, string problem, string? tool = null)
    : Exception($"{(tool is null ? "The schema" : $"The tool '{tool}', its schema")} at '#{path}'{(keyword is null ? "" : $", keyword '{keyword}'")}: {problem}")
{
    public string Path { get; } = path;

    public string? Keyword { get; } = keyword;

    public string Problem { get; } = problem;

    /// <summary>Whether it is about a schema that is part of itself.</summary>
    public bool IsCycle { get; init; }

    /// <summary>The same, of a tool's arguments.</summary>
    public SchemaException Of(string tool) => new(Path, Keyword, Problem, tool);
}
