using Microsoft.Extensions.Logging;
using Orchard.Hub;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Orchard.Hub.Transfer;
using Orchard.Protocol.Files;

namespace Orchard.Models;

/// <summary>The hub as the client sees it: its models as model files, its errors as public exceptions. Thread-safe.</summary>
internal sealed class HubModels : IModelHub
{
    private readonly ModelHub _hub;
    private readonly string? _prefixFolder;
    private readonly CancellationTokenSource _closing = new();

    /// <param name="settings">The settings of the hub.</param>
    /// <param name="prefixFolder">Where an engine keeps what it has computed of prompts; null for nowhere.</param>
    public HubModels(HubSettings settings, string? prefixFolder = null)
    {
        _hub = new ModelHub(settings);
        _prefixFolder = prefixFolder;
    }

    /// <param name="options">The options of the hub.</param>
    /// <param name="anyArchitecture">Whether the engine may be another than the one of this release.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="prefixFolder">Where the engine keeps what it has computed of prompts.</param>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static HubModels Create(
        HubOptions options, bool anyArchitecture, TimeProvider time, ILogger logger, string prefixFolder) => new(
        HubEnvironment.Current.Read(options.Endpoint, options.Token, options.CacheDirectory, options.Offline) with
        {
            AnyArchitecture = anyArchitecture,
            Projectors = (ProjectorRule)options.Vision,
            Time = time,
            Logger = logger,
        },
        prefixFolder);

    public void Dispose()
    {
        _closing.Cancel();
        _hub.Dispose();
    }

    public bool IsName(string model) => HubName.TryParse(model, out _);

    public ResolvedModel? Find(string model) =>
        HubName.TryParse(model, out HubName? name) && _hub.Find(name) is { } stored ? Resolve(model, stored) : null;

    public Task<ResolvedModel> FetchAsync(string model, Action<ModelLoadProgress> report, CancellationToken cancellationToken) =>
        RunAsync(
            model,
            async (name, cancellation) =>
                Resolve(model, await _hub.DownloadAsync(name, progress => report(Convert(progress)), cancellation).ConfigureAwait(false)),
            cancellationToken);

    public IReadOnlyList<LocalModel> List() => [.. _hub.List().Select(Describe)];

    public Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken) => Task.Run(List, cancellationToken);

    public Task<IReadOnlyList<RepositoryModel>> GetFilesAsync(string model, CancellationToken cancellationToken) => RunAsync(
        model,
        async (name, cancellation) =>
        {
            IReadOnlyList<RepositoryFile> files = await _hub.GetFilesAsync(name, cancellation).ConfigureAwait(false);
            return (IReadOnlyList<RepositoryModel>)
            [
                .. files.Select(file => new RepositoryModel
                {
                    Name = file.Name,
                    Files = [.. file.Model.Files.Select(part => part.Path)],
                    Bytes = file.Model.Bytes,
                    Quantization = file.Model.Tag,
                    Projector = file.Projector,
                    IsComplete = file.Model.Missing.Count == 0,
                }),
            ];
        },
        cancellationToken);

    public Task<bool> DeleteAsync(string model, CancellationToken cancellationToken) => RunAsync(
        model,
        async (name, cancellation) =>
        {
            bool isDeleted = await _hub.DeleteAsync(name, cancellation).ConfigureAwait(false) is not null;
            if (isDeleted && _prefixFolder is not null)
            {
                PrefixFiles.RemoveOrphans(_prefixFolder);
            }

            return isDeleted;
        },
        cancellationToken);

    private async Task<T> RunAsync<T>(string model, Func<HubName, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        if (_closing.IsCancellationRequested)
        {
            throw Disposed();
        }

        if (!HubName.TryParse(model, out HubName? name))
        {
            throw new ArgumentException($"'{model}' is not the name of a model on the hub.", nameof(model));
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            return await run(name, linked.Token).ConfigureAwait(false);
        }
        catch (HubException e)
        {
            throw Convert(model, e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (_closing.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            throw Disposed(e);
        }
    }

    private static ObjectDisposedException Disposed(Exception? cause = null) => new(nameof(Client), cause);

    private static OrchardException Convert(string model, HubException error) => error.Kind switch
    {
        HubErrorKind.Access => new ModelAccessException(model, error.Message, error.Page, error),
        HubErrorKind.NotFound => new ModelNotFoundException(model, error.Message, error.Suggestions, error),
        HubErrorKind.NotAModel => new ModelLoadException(model, error.Message, error),
        _ => new ModelDownloadException(model, error.Message, error.ReceivedBytes, error.TotalBytes, error),
    };

    private static ModelLoadProgress Convert(HubProgress progress) => progress.Phase == HubPhase.Resolving
        ? new ModelLoadProgress { Phase = ModelLoadPhase.Resolving }
        : new ModelLoadProgress
        {
            Phase = progress.Phase == HubPhase.Verifying ? ModelLoadPhase.Verifying : ModelLoadPhase.Downloading,
            LoadedBytes = progress.Bytes,
            TotalBytes = progress.Total,
            Fraction = progress.Total > 0 ? (double)progress.Bytes / progress.Total : null,
            BytesPerSecond = progress.BytesPerSecond,
        };

    private static ResolvedModel Resolve(string model, StoredModel stored) =>
        new(model, RealPath.Of(stored.Paths[0]), RealPath.ToOpen(stored.Paths[0]))
        {
            Origin = Describe(stored),
            Projector = stored.ProjectorPath,
        };

    private static LocalModel Describe(StoredModel stored) => new()
    {
        Name = stored.Name,
        Repository = stored.Repository,
        Revision = stored.Commit,
        File = stored.Files[0].Path,
        Path = stored.Paths[0],
        Bytes = stored.Bytes,
        Quantization = stored.Tag,
        Sha256 = stored.Files[0].Sha256,
        License = stored.License,
        Projector = stored.Projector?.Path,
        ProjectorPath = stored.ProjectorPath,
    };
}
