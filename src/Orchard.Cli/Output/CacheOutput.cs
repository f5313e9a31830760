namespace Orchard.Cli.Output;

/// <summary>The result of <c>cache --json</c> and <c>cache clear --json</c>.</summary>
internal sealed record CacheOutput
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>Number of files that are kept, or that were deleted.</summary>
    public required int Files { get; init; }

    /// <summary>Their size in bytes.</summary>
    public required long Bytes { get; init; }
}
