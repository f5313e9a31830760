using Orchard.Protocol.Files;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// The file of a loaded model, as it was when it was loaded. On Windows, where a mapped file cannot be changed, nothing is compared.
/// </summary>
/// <param name="Path">Absolute path.</param>
/// <param name="IsMapped">Whether the weights are mapped, so that a change of the file's content changes them.</param>
/// <param name="Loaded">The file when it was loaded; null if the system does not report it.</param>
internal sealed record ModelFile(string Path, bool IsMapped, FileStat? Loaded)
{
    /// <summary>Examines a file that is about to be loaded.</summary>
    public static ModelFile Examine(string path, bool isMapped) => new(path, isMapped, FileStat.Of(path));

    /// <summary>Whether there is another file at the path, or one with another content. A deleted file counts as unchanged.</summary>
    public bool HasChanged =>
        Loaded is { } before && FileStat.Of(Path) is { } now && (!now.IsSameFile(before) || !now.HasContentOf(before));

    /// <summary>Whether the content of the mapped file was changed, so that the loaded model is damaged.</summary>
    public bool IsDamaged =>
        IsMapped && Loaded is { } before && FileStat.Of(Path) is { } now && now.IsSameFile(before) && !now.HasContentOf(before);

    /// <summary>How the file differs from the one that was loaded.</summary>
    public string Difference => $"The model file '{Path}' was {Loaded} when it was loaded and is {FileStat.Of(Path)} now.";
}
