namespace Orchard.Templates.Limits;

/// <summary>The resources a template may use. Templates come from downloaded files, so exceeding a limit is an ordinary error.</summary>
internal sealed record TemplateLimits
{
    /// <summary>The default limits, far above what real chat templates need.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Maximum length of the template's source in characters (default: 1,000,000).</summary>
    public int MaxSourceLength { get; init; } = 1_000_000;

    /// <summary>Maximum nesting depth of expressions and of statements in the source (default: 100 each).</summary>
    public int MaxNesting { get; init; } = 100;

    /// <summary>Maximum number of chained operators, filters and subscripts, as in <c>a.b.c</c> (default: 200).</summary>
    public int MaxExpressionHeight { get; init; } = 200;

    /// <summary>
    /// Maximum number of evaluated nodes and visited items in one rendering (default: 10,000,000). Scanning a string costs one step for
    /// every 16 characters.
    /// </summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Maximum length of the rendered prompt in characters (default: 16,000,000).</summary>
    public int MaxOutputLength { get; init; } = 16_000_000;

    /// <summary>
    /// Maximum number of characters allocated by one rendering, including intermediate strings (default: 64,000,000). A list item counts
    /// as twelve characters.
    /// </summary>
    public long MaxMemory { get; init; } = 64_000_000;

    /// <summary>Maximum call depth of macros, callers and recursive loops (default: 150).</summary>
    public int MaxCallDepth { get; init; } = 150;

    /// <summary>Maximum nesting depth of lists and mappings (default: 100).</summary>
    public int MaxValueDepth { get; init; } = 100;
}
