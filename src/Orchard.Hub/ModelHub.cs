using Microsoft.Extensions.Logging;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Orchard.Hub.Store;
using Orchard.Hub.Transfer;

namespace Orchard.Hub;

/// <summary>Models of a hub and of the caches on this machine. Thread-safe.</summary>
internal sealed partial class ModelHub : IDisposable
{
    private readonly HubSettings _settings;
    private readonly HubHttp _http;
    private readonly HubApi _api;
    private readonly LocalModels _local;
    private readonly ILogger _logger;

    public ModelHub(HubSettings settings)
    {
        _settings = settings;
        _logger = settings.Logger;
        _http = new HubHttp(settings);
        _api = new HubApi(_http, settings);
        _local = new LocalModels(settings);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Returns the stored model that a name means, without the hub; null if there is none or only the hub can tell.</summary>
    public StoredModel? Find(HubName name) =>
        _local.Find(name, anyChoice: _settings.IsOffline) is { } model && HasWhatIsRequired(model) ? model : null;

    /// <summary>Returns all stored models.</summary>
    public IReadOnlyList<StoredModel> List() => _local.List();

    /// <summary>Stores what a name means on the hub now, and transfers what is missing.</summary>
    /// <param name="name">The name.</param>
    /// <param name="report">Receives progress, one call at a time.</param>
    /// <param name="cancellationToken">Cancels. What has arrived is kept.</param>
    /// <exception cref="HubException">There is no such model, no access to it, or the transfer failed.</exception>
    public async Task<StoredModel> DownloadAsync(HubName name, Action<HubProgress> report, CancellationToken cancellationToken)
    {
        report(new HubProgress(HubPhase.Resolving, 0, 0, null));
        if (_settings.IsOffline)
        {
            return _local.Find(name, anyChoice: true) is not { } stored ? throw NotStored($"'{name}' is")
                : HasWhatIsRequired(stored) ? stored
                : throw NotStored($"The vision projector of '{name}' is");
        }

        string commit;
        string? license;
        FileGroup group;
        IReadOnlyList<HubFile> files;
        try
        {
            (commit, license) = await _api.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
            (files, group) = await ChooseAsync(name, commit, cancellationToken).ConfigureAwait(false);
        }
        catch (HubException e) when (
            e.Kind == HubErrorKind.Download && _local.Find(name, anyChoice: true) is { } stored && HasWhatIsRequired(stored))
        {
            LogUnreachable(name.ToString(), e.Message);
            return _local.Find(name, anyChoice: true)!;
        }

        HubFile? projector = ChooseProjector(name, group, files);
        StoredModel? model = _local.Find(name.Repository, commit, group);
        HubFile[] missing =
        [
            .. model is null ? group.Files : [],
            .. projector is null || model?.Projector?.Path == projector.Path ? [] : new[] { projector },
        ];
        if (missing.Length > 0)
        {
            StoredModel stored = await StoreAsync(name, commit, group, missing, report, cancellationToken).ConfigureAwait(false);
            model ??= stored;
        }

        Remember(model!, name, files, license);
        model = _local.Find(name.Repository, commit, group) ?? model!; // with its projector
        return model with { License = license, Files = group.Files };
    }

    /// <summary>Returns the models of a repository, as files to choose from.</summary>
    /// <exception cref="HubException">There is no such repository, or no access to it.</exception>
    public async Task<IReadOnlyList<RepositoryFile>> GetFilesAsync(HubName name, CancellationToken cancellationToken)
    {
        IReadOnlyList<HubFile> files;
        if (_settings.IsOffline)
        {
            files = [.. _local.List().Where(model => model.Repository == name.Repository).SelectMany(model => model.Files).Distinct()];
        }
        else
        {
            (string commit, _) = await _api.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
            files = await _api.ListAsync(name, commit, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<FileGroup> groups = FileGroup.From(files);
        return
        [
            .. from model in groups
               let isOnly = model.Tag is not null && groups.Count(other => other.Tag == model.Tag) == 1
               select new RepositoryFile(
                   (name with { Tag = isOnly ? model.Tag : model.Path }).ToString(), model, FileChooser.FindProjector(model, files)?.Path),
        ];
    }

    /// <summary>Deletes a stored model. Returns the number of bytes freed; null if it is not stored.</summary>
    public async Task<long?> DeleteAsync(HubName name, CancellationToken cancellationToken)
    {
        if (_local.Find(name, anyChoice: true) is not { } model)
        {
            return null;
        }

        var repository = new CachedRepository(model.Root, model.Repository);
        var locks = new List<BlobLock>();
        try
        {
            IReadOnlyList<HubFile> files = [.. model.Files, .. OwnProjector(model)];
            foreach (string id in files.Select(file => file.Id).OfType<string>())
            {
                string path = repository.LockPath(id);
                locks.Add(await BlobLock.AcquireAsync(path, _settings.Time, () => { }, cancellationToken).ConfigureAwait(false));
            }

            return repository.Remove(model.Commit, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubErrorKind.Download, $"'{name}' could not be deleted from '{model.Root}': {e.Message}", e);
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }
    }

    private async Task<(IReadOnlyList<HubFile> Files, FileGroup Group)> ChooseAsync(
        HubName name, string commit, CancellationToken cancellationToken)
    {
        IReadOnlyList<HubFile> files = await _api.ListAsync(name, commit, cancellationToken).ConfigureAwait(false);
        if (FileGroup.From(files).Count == 0)
        {
            IReadOnlyList<string> others = await _api.FindQuantizedAsync(name, cancellationToken).ConfigureAwait(false);
            throw new HubException(
                HubErrorKind.NotFound,
                $"The repository '{name.Repository}' has no GGUF model files."
                + (others.Count == 0 ? "" : $" The hub links these repositories with the same model as GGUF: {string.Join(", ", others)}."))
            {
                Suggestions = others,
            };
        }

        return (files, FileChooser.Choose(name, files));
    }

    private bool HasWhatIsRequired(StoredModel model) => _settings.Projectors != ProjectorRule.Require || model.Projector is not null;

    private HubFile? ChooseProjector(HubName name, FileGroup group, IReadOnlyList<HubFile> files) =>
        _settings.Projectors == ProjectorRule.Never ? null
        : FileChooser.FindProjector(group, files) is { } projector ? projector
        : _settings.Projectors == ProjectorRule.Auto ? null
        : throw new HubException(
            HubErrorKind.NotFound,
            $"The repository '{name.Repository}' has no vision projector (mmproj) for '{group.Path}', and HubOptions.Vision requires one.");

    private static HubException NotStored(string what) => new(
        HubErrorKind.Download, $"{what} not stored, and downloads are switched off (HubOptions.Offline, HF_HUB_OFFLINE).");

    // The projector of a model, unless it is in another cache or belongs to another stored model as well.
    private IEnumerable<HubFile> OwnProjector(StoredModel model) =>
        model.Projector is { } projector
        && model.ProjectorPath!.StartsWith(model.Root, StringComparison.Ordinal)
        && !_local.List().Any(other =>
            other.ProjectorPath == model.ProjectorPath && other.Files[0].Path != model.Files[0].Path && other.Commit == model.Commit)
            ? [projector]
            : [];

    private async Task<StoredModel> StoreAsync(
        HubName name,
        string commit,
        FileGroup group,
        IReadOnlyList<HubFile> missing,
        Action<HubProgress> report,
        CancellationToken cancellationToken)
    {
        string root = WritableRoot.Find(_settings.Roots);
        var repository = new CachedRepository(root, name.Repository);
        LogDownload(name.ToString(), string.Join(", ", missing.Select(file => file.Path)), root);
        try
        {
            var download = new ModelDownload(_http, _api, _settings, repository, name, commit);
            await download.RunAsync(missing, report, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(
                HubErrorKind.Download, $"'{name}' could not be stored in '{root}': {e.Message} Call again to continue.", e);
        }

        return _local.Describe(repository, commit, group);
    }

    // A convenience for later calls; the files are there without it.
    private void Remember(StoredModel model, HubName name, IReadOnlyList<HubFile> files, string? license)
    {
        var repository = new CachedRepository(model.Root, model.Repository);
        try
        {
            repository.SetCommit(name, model.Commit);
            repository.SetFiles(model.Commit, new CommitFiles
            {
                Files =
                [
                    .. from file in files
                       where GgufFileName.TryParse(file.Path) is not null
                       select new CommitFile(file.Path, file.Size, file.Id),
                ],
                License = license,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemembered(model.Root, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Downloading {Model}: {File} to {Root}")]
    private partial void LogDownload(string model, string file, string root);

    [LoggerMessage(2, LogLevel.Warning, "The hub cannot be reached, so the stored files of {Model} are used: {Reason}")]
    private partial void LogUnreachable(string model, string reason);

    [LoggerMessage(3, LogLevel.Debug, "The cache {Root} cannot be written: {Reason}")]
    private partial void LogNotRemembered(string root, string reason);
}
