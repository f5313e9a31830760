namespace Orchard.Models;

/// <summary>A model name that has been resolved to a file.</summary>
/// <param name="RequestedId">The model, as the caller named it.</param>
/// <param name="CanonicalId">Identity of the model: names that refer to the same file have the same identity.</param>
/// <param name="Path">Absolute path of the file to open.</param>
internal sealed record ResolvedModel(string RequestedId, string CanonicalId, string Path)
{
    /// <summary>Where the file comes from, if the model was named by a repository of the hub.</summary>
    public LocalModel? Origin { get; init; }

    /// <summary>
    /// Absolute path of the projector that belongs to it, or <see cref="ModelOptions.NoProjector"/> if it has none; null if unknown.
    /// </summary>
    public string? Projector { get; init; }

    /// <summary>Absolute path of the draft model to load it with; null for none, and before the load.</summary>
    public string? DraftPath { get; init; }

    /// <summary>The names by which options for it can be specified.</summary>
    public IEnumerable<string> Names =>
        Origin is { } origin ? [RequestedId.Trim(), origin.Name, CanonicalId] : [RequestedId.Trim(), CanonicalId];

    /// <summary>How it is loaded.</summary>
    public ModelOptions Options { get; init; } = new();

    /// <summary>Size of the model's files in bytes; null if the file no longer exists.</summary>
    public long? FileBytes => Origin?.Bytes ?? (new FileInfo(Path) is { Exists: true } file ? file.Length : null);
}
