using Orchard.Hub.Files;

namespace Orchard.Hub.Store;

/// <summary>Gives finished blobs their names in a snapshot.</summary>
/// <param name="repository">The repository.</param>
/// <param name="useLinks">False to move the file into the snapshot instead, as file systems without links require.</param>
internal sealed class SnapshotWriter(CachedRepository repository, bool useLinks)
{
    /// <summary>Whether the snapshot already has the complete file.</summary>
    public bool Has(string commit, HubFile file)
    {
        var info = new FileInfo(repository.SnapshotPath(commit, file.Path));
        FileSystemInfo? target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true);
        return target is FileInfo { Exists: true } content && content.Length == file.Size;
    }

    /// <summary>Adds a finished blob to a snapshot.</summary>
    public void Add(string commit, HubFile file)
    {
        string path = repository.SnapshotPath(commit, file.Path);
        string blob = repository.BlobPath(file.Id!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!useLinks || !TryLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob)))
        {
            File.Move(blob, path, overwrite: true);
        }
    }

    /// <summary>Adds a file that another program keeps; false if links are not possible.</summary>
    public bool TryAddForeign(string commit, HubFile file, string source)
    {
        string path = repository.SnapshotPath(commit, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return useLinks && TryLink(path, source);
    }

    private static bool TryLink(string path, string target)
    {
        string temporary = SafeFile.TemporaryName(path);
        try
        {
            File.CreateSymbolicLink(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // the file system has no links, or Windows is not in developer mode
        }

        File.Move(temporary, path, overwrite: true);
        return true;
    }
}
