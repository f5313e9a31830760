using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Orchard.Hub.Store;
using Orchard.Hub.Transfer;

namespace Orchard.Hub;

/// <summary>Stores files of one model. The lock of each file makes one transfer of any number of callers and processes.</summary>
internal sealed class ModelDownload(
    HubHttp http, HubApi api, HubSettings settings, CachedRepository repository, HubName name, string commit)
{
    private readonly SnapshotWriter _snapshot = new(repository, settings.UseLinks);
    private readonly ForeignStores _foreign = new(settings.OllamaModels, settings.LmStudioModels);

    /// <summary>Completes when all files are in the snapshot.</summary>
    public async Task RunAsync(IReadOnlyList<HubFile> files, Action<HubProgress> report, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(report, settings.Time, files.Sum(static file => file.Size));
        foreach (HubFile file in files)
        {
            if (!_snapshot.Has(commit, file))
            {
                bool startsModel = file == files[0] && GgufFileName.TryParse(file.Path) is { IsProjector: false };
                await StoreAsync(file, startsModel, meter, cancellationToken).ConfigureAwait(false);
            }

            meter.Complete(file.Size);
        }
    }

    private async Task StoreAsync(HubFile file, bool startsModel, TransferMeter meter, CancellationToken cancellationToken)
    {
        string part = repository.PartPath(file.Id!);
        using BlobLock held = await BlobLock.AcquireAsync(
            repository.LockPath(file.Id!),
            settings.Time,
            () => meter.Report(HubPhase.Downloading, new FileInfo(part) is { Exists: true } found ? found.Length : 0),
            cancellationToken).ConfigureAwait(false);
        if (_snapshot.Has(commit, file))
        {
            return; // whoever had the lock has stored it
        }

        string blob = repository.BlobPath(file.Id!);
        if (new FileInfo(blob) is not { Exists: true } found || found.Length != file.Size)
        {
            if (await TryReuseAsync(file, meter, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            await TransferAsync(file, part, startsModel, meter, cancellationToken).ConfigureAwait(false);
            File.Move(part, blob, overwrite: true);
        }

        _snapshot.Add(commit, file);
    }

    private async Task<bool> TryReuseAsync(HubFile file, TransferMeter meter, CancellationToken cancellationToken)
    {
        foreach (string path in settings.UseLinks ? _foreign.Find(repository.Name, file) : [])
        {
            try
            {
                using var hash = new ContentHash(file);
                using var stream = new FileStream(
                    path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);
                await hash.AppendAsync(stream, read => meter.Report(HubPhase.Verifying, read), cancellationToken).ConfigureAwait(false);
                if (hash.IsMatch() && _snapshot.TryAddForeign(commit, file, path))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The file of another program may be unreadable or gone; then it is downloaded.
            }
        }

        return false;
    }

    private async Task TransferAsync(HubFile file, string path, bool startsModel, TransferMeter meter, CancellationToken cancellationToken)
    {
        bool isModel = true;
        var source = new FileSource(http, settings, name, api.FileAddress(name, commit, file.Path), file.Size);
        var transfer = new BlobTransfer(
            source, file, settings, startsModel ? start => GgufStart.Check(file.Path, start.Span, settings.AnyArchitecture) : null);
        try
        {
            var part = new PartFile(path, file, settings);
            await using (part.ConfigureAwait(false))
            {
                await transfer.RunAsync(part, meter, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HubException e) when (e.Kind == HubErrorKind.NotAModel)
        {
            isModel = false;
            throw;
        }
        finally
        {
            if (!isModel)
            {
                File.Delete(path);
            }
        }
    }
}
