namespace Orchard;

/// <summary>A keyword of a JSON Schema that the engine does not restrict generation to. Immutable.</summary>
public sealed class SchemaDiagnostic
{
    internal SchemaDiagnostic(string path, string? keyword, SchemaHandling handling, string message)
    {
        Path = path;
        Keyword = keyword;
        Handling = handling;
        Message = message;
    }

    /// <summary>Location of the schema with the keyword, as a JSON Pointer; empty for the root.</summary>
    public string Path { get; }

    /// <summary>The keyword; null if the problem concerns the schema as a whole.</summary>
    public string? Keyword { get; }

    /// <summary>What happens instead.</summary>
    public SchemaHandling Handling { get; }

    /// <summary>Why the keyword cannot be enforced.</summary>
    public string Message { get; }

    /// <summary>Returns the location, the keyword, the reason and what happens instead.</summary>
    public override string ToString() => $"#{Path}{(Keyword is null ? "" : $", '{Keyword}'")}: {Message} ({Handling})";
}
