namespace Orchard;

/// <summary>A JSON Schema uses a keyword that the engine cannot enforce, or matches no value. Nothing was generated.</summary>
public sealed class UnsupportedSchemaException : OrchardException
{
    internal UnsupportedSchemaException(string message, string? path, string? keyword)
        : base(message)
    {
        Path = path;
        Keyword = keyword;
    }

    /// <summary>Location in the schema as a JSON Pointer, empty for the root; null if the engine did not report it.</summary>
    public string? Path { get; }

    /// <summary>The keyword; null if the problem is not a keyword.</summary>
    public string? Keyword { get; }
}
