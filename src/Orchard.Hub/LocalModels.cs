using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Orchard.Hub.Store;

namespace Orchard.Hub;

/// <summary>Finds models in the caches, without the hub. Thread-safe.</summary>
internal sealed class LocalModels(HubSettings settings)
{
    /// <summary>Returns the stored model that a name means; null if it is not stored, or if only the hub can tell.</summary>
    /// <param name="name">The name.</param>
    /// <param name="anyChoice">
    /// Whether a name without a tag may mean the best of the stored files. Otherwise it must be known to mean the same on every machine.
    /// </param>
    public StoredModel? Find(HubName name, bool anyChoice = false)
    {
        foreach (string root in settings.Roots)
        {
            var repository = new CachedRepository(root, name.Repository);
            if (repository.FindCommit(name) is { } commit && Find(repository, name, commit, anyChoice) is { } model)
            {
                return model;
            }
        }

        return null;
    }

    /// <summary>Returns a model of a commit if all of its files are stored in one cache.</summary>
    public StoredModel? Find(string repository, string commit, FileGroup group) => settings.Roots
        .Select(root => new CachedRepository(root, repository))
        .FirstOrDefault(cached => Has(cached.SnapshotFiles(commit), group)) is { } found ? Describe(found, commit, group) : null;

    /// <summary>Returns all models that are complete.</summary>
    public IReadOnlyList<StoredModel> List() =>
    [
        .. from root in settings.Roots
           from repository in CachedRepository.In(root)
           from commit in repository.Commits()
           from stored in FileGroup.From(repository.SnapshotFiles(commit))
           where stored.Missing.Count == 0
           select Describe(repository, commit, stored),
    ];

    public static StoredModel Describe(CachedRepository repository, string commit, FileGroup group) => new()
    {
        Root = repository.Root,
        Repository = repository.Name,
        Commit = commit,
        Tag = group.Tag,
        Files = group.Files,
        Paths = [.. group.Files.Select(file => repository.SnapshotPath(commit, file.Path))],
        License = repository.FindFiles(commit)?.License,
    };

    private static StoredModel? Find(CachedRepository repository, HubName name, string commit, bool anyChoice)
    {
        IReadOnlyList<HubFile> stored = repository.SnapshotFiles(commit);
        if (stored.Count == 0)
        {
            return null;
        }

        CommitFiles? all = repository.FindFiles(commit);
        bool isComplete = all is not null;
        FileGroup? group = TryChoose(name, all?.Files.Select(file => new HubFile(file.Path, file.Size, file.Id)) ?? stored);
        if (anyChoice && (group is null || !Has(stored, group)))
        {
            (group, isComplete) = (TryChoose(name, stored), true);
        }

        return group is not null
            && Has(stored, group)
            && (isComplete || anyChoice || name.Tag is not null || group.Tag == Quantizations.Default)
            ? Describe(repository, commit, group)
            : null;
    }

    private static bool Has(IReadOnlyList<HubFile> stored, FileGroup group)
    {
        Dictionary<string, long> sizes = stored.ToDictionary(file => file.Path, file => file.Size);
        return group.Files.All(file => sizes.TryGetValue(file.Path, out long size) && size == file.Size);
    }

    private static FileGroup? TryChoose(HubName name, IEnumerable<HubFile> files)
    {
        try
        {
            return FileChooser.Choose(name, files);
        }
        catch (HubException)
        {
            return null;
        }
    }
}
