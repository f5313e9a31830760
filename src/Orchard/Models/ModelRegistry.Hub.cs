using System.Runtime.CompilerServices;
using Orchard.Models;

namespace Orchard;

public sealed partial class ModelRegistry
{
    /// <summary>
    /// Downloads a model of the hub, or the newest version of a stored one. What is stored already is not transferred again. The files are
    /// in the cache of the Hugging Face libraries and can be used by them. For any number of callers and processes there is one transfer.
    /// </summary>
    /// <param name="model">
    /// A name of the hub: <c>owner/repository</c>, then optionally <c>@</c> and a branch, tag or commit, then optionally <c>:</c> and a
    /// quantization, folder or file. Without the latter it is the repository's only model, or the one with the quantization
    /// <c>Q4_K_M</c>, or the nearest to it.
    /// </param>
    /// <param name="progress">
    /// Receives the progress, even if another call started the download; null for none. Called on the thread pool, one report at a time,
    /// all of them before this method completes.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancels the wait. The download continues while another caller waits for it. What has arrived is kept, and the next call continues.
    /// </param>
    /// <returns>The stored model.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is not a name of the hub.</exception>
    /// <exception cref="ModelNotFoundException">The hub has no such repository, revision or model.</exception>
    /// <exception cref="ModelAccessException">The hub requires a token or the acceptance of conditions.</exception>
    /// <exception cref="ModelDownloadException">The download failed; the next call continues it.</exception>
    /// <exception cref="ModelLoadException">The file is not a model. Only its start was downloaded.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public async Task<LocalModel> DownloadAsync(
        string model, IProgress<ModelLoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        HubOf(model);
        ProgressReports? reports = progress is null ? null : new ProgressReports(progress);
        ResolvedModel stored = await FetchAsync(model, reports, cancellationToken).ConfigureAwait(false);
        if (reports is not null)
        {
            await reports.HandledAsync(cancellationToken).ConfigureAwait(false);
        }

        return stored.Origin!;
    }

    /// <summary>Returns the models of the hub that are stored on this machine, by this library or others. Sends no request.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<LocalModel>> ListLocalAsync(CancellationToken cancellationToken = default) =>
        _hub?.ListAsync(cancellationToken) ?? Task.FromResult<IReadOnlyList<LocalModel>>([]);

    /// <summary>Returns the models of a repository of the hub, with their sizes.</summary>
    /// <param name="repository">A name of the hub, such as <c>Qwen/Qwen3-0.6B-GGUF</c>; its tag does not matter.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException"><paramref name="repository"/> is not a name of the hub.</exception>
    /// <exception cref="ModelNotFoundException">The hub has no such repository or revision.</exception>
    /// <exception cref="ModelAccessException">The hub requires a token or the acceptance of conditions.</exception>
    /// <exception cref="ModelDownloadException">The hub did not answer.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public Task<IReadOnlyList<RepositoryModel>> GetFilesAsync(string repository, CancellationToken cancellationToken = default) =>
        HubOf(repository).GetFilesAsync(repository, cancellationToken);

    /// <summary>
    /// Deletes a stored model of the hub and frees its disk space, as far as no other stored revision needs it, and with it what the engine
    /// keeps on disk of prompts and answers of this model.
    /// </summary>
    /// <param name="model">A name of the hub, such as <see cref="LocalModel.Name"/>.</param>
    /// <param name="cancellationToken">Cancels the wait for others who are downloading it.</param>
    /// <returns>Whether the model was stored.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is not a name of the hub.</exception>
    /// <exception cref="ModelInUseException">This client has loaded the model; unload it first.</exception>
    /// <exception cref="ModelDownloadException">The files cannot be deleted.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public async Task<bool> DeleteAsync(string model, CancellationToken cancellationToken = default)
    {
        IModelHub hub = HubOf(model);
        if (hub.Find(model) is { } stored
            && _entries.TryGetValue(stored.CanonicalId, out ModelEntry? entry)
            && entry.Describe() is { State: ModelState.Loading or ModelState.Ready or ModelState.Unloading })
        {
            throw new ModelInUseException(
                model, $"The model '{model}' was not deleted, because this client has loaded it. Call {nameof(UnloadAsync)} first.");
        }

        return await hub.DeleteAsync(model, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Cancels downloads, and waits for their end.</summary>
    internal async Task CloseAsync()
    {
        _hub?.Dispose();
        foreach (ModelFetch fetch in _fetches.Values)
        {
            await fetch.EndedAsync().ConfigureAwait(false);
        }
    }

    private IModelHub HubOf(string model, [CallerArgumentExpression(nameof(model))] string parameter = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model, parameter);
        return _hub is not null && _hub.IsName(model)
            ? _hub
            : throw new ArgumentException(
                $"'{model}' is not the name of a model on the hub; such a name is 'owner/repository' or 'owner/repository:tag'.",
                parameter);
    }
}
