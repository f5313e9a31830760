using System.Text.Json;
using Orchard.Hub.Files;

namespace Orchard.Hub.Store;

/// <summary>
/// One repository in a cache in the layout of the Hugging Face libraries: blobs named by their content, and a snapshot folder per commit
/// with links to them. Names that come from the hub are checked by the callers.
/// </summary>
/// <param name="root">Folder of the cache.</param>
/// <param name="repository">Owner and name.</param>
internal sealed class CachedRepository(string root, string repository)
{
    private const string FolderPrefix = "models--";

    // Folders of a shared cache that this user may not read are left out.
    private static readonly EnumerationOptions Accessible = new() { IgnoreInaccessible = true };

    private readonly string _folder = Path.Combine(root, FolderPrefix + repository.Replace("/", "--", StringComparison.Ordinal));

    public string Root => root;

    public string Name => repository;

    public bool Exists => Directory.Exists(_folder);

    /// <summary>Path of the finished file with this content.</summary>
    public string BlobPath(string id) => Path.Combine(_folder, "blobs", id);

    /// <summary>Path of the file that a transfer appends to. Kept for the next attempt when the transfer fails.</summary>
    public string PartPath(string id) => Path.Combine(_folder, "blobs", id + ".orchard");

    /// <summary>Path of the lock file that the writers of a blob take, also those of other libraries.</summary>
    public string LockPath(string id) => Path.Combine(root, ".locks", Path.GetFileName(_folder), id + ".lock");

    public string SnapshotPath(string commit, string file) =>
        Path.Combine(SnapshotFolder(commit), file.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Returns the commit that a revision meant when it was last looked up; null if unknown.</summary>
    public string? FindCommit(HubName name) =>
        name.Commit ?? SafeFile.TryReadAllText(RefPath(name.RevisionOrMain))?.Trim() switch
        {
            { } text when HubName.IsCommit(text) => text,
            _ => null,
        };

    /// <summary>Remembers which commit a revision means.</summary>
    public void SetCommit(HubName name, string commit)
    {
        if (name.Commit is null && SafeFile.TryReadAllText(RefPath(name.RevisionOrMain)) != commit)
        {
            SafeFile.WriteAllText(RefPath(name.RevisionOrMain), commit);
        }
    }

    public IReadOnlyList<string> Commits()
    {
        var snapshots = new DirectoryInfo(Path.Combine(_folder, "snapshots"));
        return snapshots.Exists
            ? [.. snapshots.EnumerateDirectories("*", Accessible).Select(folder => folder.Name).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Returns the files of a snapshot whose content is there.</summary>
    public IReadOnlyList<HubFile> SnapshotFiles(string commit)
    {
        string folder = SnapshotFolder(commit);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        Dictionary<string, string?> ids = FindFiles(commit)?.Files.ToDictionary(file => file.Path, file => file.Id) ?? [];
        var files = new List<HubFile>();
        foreach (string path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true }))
        {
            var info = new FileInfo(path);
            FileInfo? blob = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            if (blob is { Exists: true })
            {
                string name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
                string? id = ids.GetValueOrDefault(name) ?? (info.LinkTarget is null ? null : blob.Name);
                files.Add(new HubFile(name, blob.Length, id));
            }
        }

        return files;
    }

    /// <summary>Returns what is remembered of a commit; null if nothing is.</summary>
    public CommitFiles? FindFiles(string commit)
    {
        try
        {
            string? json = SafeFile.TryReadAllText(FilesPath(commit));
            return json is null ? null : JsonSerializer.Deserialize(json, StoreJson.Default.CommitFiles);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void SetFiles(string commit, CommitFiles files) =>
        SafeFile.WriteAllText(FilesPath(commit), JsonSerializer.Serialize(files, StoreJson.Default.CommitFiles));

    /// <summary>Removes files of a snapshot, and what only they needed. Returns the number of bytes freed.</summary>
    public long Remove(string commit, IEnumerable<HubFile> files)
    {
        long freed = 0;
        foreach (HubFile file in files)
        {
            string path = SnapshotPath(commit, file.Path);
            freed += new FileInfo(path) is { Exists: true, LinkTarget: null } own ? own.Length : 0;
            File.Delete(path);
            if (file.Id is { } id && !IsLinked(id))
            {
                freed += new FileInfo(BlobPath(id)) is { Exists: true } blob ? blob.Length : 0;
                File.Delete(BlobPath(id));
                File.Delete(PartPath(id));
            }
        }

        string folder = SnapshotFolder(commit);
        if (Directory.Exists(folder) && !Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any())
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(FilesPath(commit));
            if (Commits().Count == 0)
            {
                Directory.Delete(_folder, recursive: true);
            }
        }

        return freed;
    }

    /// <summary>Returns the repositories of a cache.</summary>
    public static IEnumerable<CachedRepository> In(string root) =>
        !Directory.Exists(root)
            ? []
            : from folder in Directory.EnumerateDirectories(root, FolderPrefix + "*", Accessible).Order(StringComparer.Ordinal)
              let parts = Path.GetFileName(folder)[FolderPrefix.Length..].Split("--", 2)
              where parts.Length == 2
              select new CachedRepository(root, $"{parts[0]}/{parts[1]}");

    private string SnapshotFolder(string commit) => Path.Combine(_folder, "snapshots", commit);

    private string RefPath(string revision) => Path.Combine(_folder, "refs", revision.Replace('/', Path.DirectorySeparatorChar));

    private string FilesPath(string commit) => Path.Combine(_folder, ".orchard", commit + ".json");

    private bool IsLinked(string id) =>
        Commits().Any(commit => SnapshotFiles(commit).Any(file => file.Id == id));
}
