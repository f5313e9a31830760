namespace Orchard.Cli.Output;

/// <summary>A model of a repository of the hub, an item of <c>list REPOSITORY --json</c>.</summary>
internal sealed record RepositoryModelOutput
{
    public required string Name { get; init; }

    public string? Quantization { get; init; }

    public long Bytes { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public static RepositoryModelOutput From(RepositoryModel model) => new()
    {
        Name = model.Name,
        Quantization = model.Quantization,
        Bytes = model.Bytes,
        Files = model.Files,
    };
}
