namespace Orchard.Grammars.Schemas;

/// <summary>A JSON Schema that cannot be enforced.</summary>
/// <param name="path">The location in the schema, as a JSON pointer.</param>
/// <param name="keyword">The keyword; null if the problem concerns the schema as a whole.</param>
/// <param name="problem">What is wrong, as a sentence.</param>
/// <param name="tool">The tool whose arguments the schema describes; null for the schema of a response.</param>
internal sealed class SchemaException(string path, string? keyword, string problem, string? tool = null)
    : Exception($"{Subject(tool)} at '#{path}'{(keyword is null ? "" : $", keyword '{keyword}'")}: {problem}")
{
    public string Path { get; } = path;

    public string? Keyword { get; } = keyword;

    public string Problem { get; } = problem;

    /// <summary>Whether the problem is a schema that includes itself.</summary>
    public bool IsCycle { get; init; }

    /// <summary>Whether the keyword has no meaning that a validator could check: its value is invalid, or refers to nothing.</summary>
    public bool IsMeaningless { get; init; }

    /// <summary>Returns the same problem for the arguments of a tool.</summary>
    public SchemaException Of(string tool) => new(Path, Keyword, Problem, tool) { IsCycle = IsCycle, IsMeaningless = IsMeaningless };

    private static string Subject(string? tool) => tool is null ? "The schema" : $"The schema of tool '{tool}'";
}
