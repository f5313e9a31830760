using System.Text.Json.Serialization;

namespace Orchard.Hub.Store;

/// <summary>What is remembered of a commit, so that a name can be resolved again without the hub.</summary>
internal sealed record CommitFiles
{
    /// <summary>All files of the commit that can belong to a model.</summary>
    public IReadOnlyList<CommitFile> Files { get; init; } = [];

    /// <summary>License as the repository states it; null if it states none.</summary>
    public string? License { get; init; }
}

/// <summary>A file of a commit.</summary>
/// <param name="Path">Path in the repository.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Id">Name of its blob.</param>
internal sealed record CommitFile(string Path, long Size, string? Id);

/// <summary>Serialization without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CommitFiles))]
internal sealed partial class StoreJson : JsonSerializerContext;
