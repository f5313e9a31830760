using Orchard.Hub.Files;

namespace Orchard.Hub;

/// <summary>A model in a cache. All of its files are there.</summary>
internal sealed record StoredModel
{
    /// <summary>Folder of the cache.</summary>
    public required string Root { get; init; }

    public required string Repository { get; init; }

    public required string Commit { get; init; }

    /// <summary>Quantization according to the name of the file; null if it has none.</summary>
    public required string? Tag { get; init; }

    /// <summary>The files in the repository, the one to open first.</summary>
    public required IReadOnlyList<HubFile> Files { get; init; }

    /// <summary>Absolute paths of the files in the snapshot, in the same order.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The vision projector in the repository; null if none is stored.</summary>
    public HubFile? Projector { get; init; }

    /// <summary>Absolute path of the vision projector; null if none is stored.</summary>
    public string? ProjectorPath { get; init; }

    /// <summary>License as the repository states it; null if unknown.</summary>
    public string? License { get; init; }

    public long Bytes => Files.Sum(file => file.Size);

    /// <summary>The shortest name that means this model in its repository.</summary>
    public string Name => $"{Repository}:{Tag ?? Files[0].Path}";
}
