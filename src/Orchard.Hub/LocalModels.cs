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

    public StoredModel Describe(CachedRepository repository, string commit, FileGroup group)
    {
        CommitFiles? all = repository.FindFiles(commit);
        (HubFile File, string Path)? projector = FindProjector(repository.Name, commit, group, all);
        return new StoredModel
        {
            Root = repository.Root,
            Repository = repository.Name,
            Commit = commit,
            Tag = group.Tag,
            Files = group.Files,
            Paths = [.. group.Files.Select(file => repository.SnapshotPath(commit, file.Path))],
            Projector = projector?.File,
            ProjectorPath = projector?.Path,
            License = all?.License,
        };
    }

    // In any of the caches: the one that belongs to the model, or else, if another library has stored it, the best of those that there are.
    private (HubFile File, string Path)? FindProjector(string name, string commit, FileGroup group, CommitFiles? all)
    {
        (HubFile File, CachedRepository Repository)[] stored =
        [
            .. from root in settings.Roots
               let repository = new CachedRepository(root, name)
               from file in repository.SnapshotFiles(commit)
               where GgufFileName.TryParse(file.Path) is { IsProjector: true }
               select (file, repository),
        ];
        IEnumerable<HubFile> files = all?.Files.Select(file => new HubFile(file.Path, file.Size, file.Id)) ?? [];
        HubFile? best = FileChooser.FindProjector(group, files);
        (HubFile File, CachedRepository Repository) found = stored.FirstOrDefault(
            candidate => candidate.File.Path == best?.Path && candidate.File.Size == best.Size);
        if (found.File is null && FileChooser.FindProjector(group, stored.Select(other => other.File)) is { } other)
        {
            found = stored.First(candidate => candidate.File == other);
        }

        return found.File is null ? null : (found.File, found.Repository.SnapshotPath(commit, found.File.Path));
    }

    private StoredModel? Find(CachedRepository repository, HubName name, string commit, bool anyChoice)
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
