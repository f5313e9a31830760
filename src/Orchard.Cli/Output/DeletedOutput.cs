namespace Orchard.Cli.Output;

/// <summary>An item of <c>rm --json</c>.</summary>
internal sealed record DeletedOutput
{
    public required string Name { get; init; }

    /// <summary>Whether the model was stored.</summary>
    public bool IsDeleted { get; init; }
}
