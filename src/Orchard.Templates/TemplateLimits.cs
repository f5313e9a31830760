namespace Orchard.Templates;

/// <summary>What a template may use. A template comes out of a downloaded file, so each limit ends it with a typed error.</summary>
internal sealed record TemplateLimits
{
    /// <summary>Limits that no honest chat template comes near.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Length of the template's source in characters (default: 1,000,000).</summary>
    public int MaxSourceLength { get; init; } = 1_000_000;

    /// <summary>How deep expressions and statements may nest in the source (default: 100 each).</summary>
    public int MaxNesting { get; init; } = 100;

    /// <summary>Operators, filters and subscripts applied to each other in one expression, such as <c>a.b.c</c> (default: 200).</summary>
    public int MaxExpressionHeight { get; init; } = 200;

    /// <summary>Evaluated nodes and visited items in one rendering; long texts count for each 16 characters (default: 10,000,000).</summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Characters of the rendered prompt (default: 16,000,000).</summary>
    public int MaxOutputLength { get; init; } = 16_000_000;

    /// <summary>Characters made by one rendering, intermediate texts included; an item of a list counts as twelve (default: 64,000,000).</summary>
    public long MaxMemory { get; init; } = 64_000_000;

    /// <summary>How deep macros, callers and recursive loops may call each other (default: 150).</summary>
    public int MaxCallDepth { get; init; } = 150;

    /// <summary>How deep lists and mappings may nest (default: 100).</summary>
    public int MaxValueDepth { get; init; } = 100;
}
