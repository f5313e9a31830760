using Orchard.Hub.Files;

namespace Orchard.Hub.Store;

/// <summary>Finds files that other programs have already downloaded. The caller verifies their content.</summary>
/// <param name="ollama">Folder of Ollama's models; null to leave it out.</param>
/// <param name="lmStudio">Folder of LM Studio's models; null to leave it out.</param>
internal sealed class ForeignStores(string? ollama, string? lmStudio)
{
    /// <summary>Returns paths of files that probably have the content.</summary>
    public IEnumerable<string> Find(string repository, HubFile file)
    {
        IEnumerable<string?> candidates =
        [
            ollama is not null && file.Sha256 is { } digest ? Path.Combine(ollama, "blobs", "sha256-" + digest) : null,
            lmStudio is null ? null : Path.Combine([lmStudio, .. repository.Split('/'), .. file.Path.Split('/')]),
            lmStudio is null ? null : Path.Combine([lmStudio, .. repository.Split('/'), Path.GetFileName(file.Path)]),
        ];
        return candidates.OfType<string>().Distinct()
            .Where(path => new FileInfo(path) is { Exists: true } found && found.Length == file.Size);
    }
}
