namespace Orchard.Cli.Output;

/// <summary>A model that is stored on this machine: the result of <c>pull --json</c>, and an item of <c>list --json</c>.</summary>
internal sealed record StoredModelOutput
{
    public required string Name { get; init; }

    public string? Repository { get; init; }

    public string? Revision { get; init; }

    public required string Path { get; init; }

    public long Bytes { get; init; }

    public string? Quantization { get; init; }

    public string? Sha256 { get; init; }

    public string? License { get; init; }

    public static StoredModelOutput From(LocalModel model) => new()
    {
        Name = model.Name,
        Repository = model.Repository,
        Revision = model.Revision,
        Path = model.Path,
        Bytes = model.Bytes,
        Quantization = model.Quantization,
        Sha256 = model.Sha256,
        License = model.License,
    };
}
