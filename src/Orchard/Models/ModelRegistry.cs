using System.Collections.Concurrent;
using Orchard.Models;
using Orchard.Models.Sources;

namespace Orchard;

/// <summary>
/// The models of one <see cref="Client"/>. Each model is loaded once, however many callers need it at the same time. Thread-safe.
/// </summary>
public sealed partial class ModelRegistry
{
    private readonly ConcurrentDictionary<string, ModelEntry> _entries = new(ModelResolver.IdComparer);
    private readonly ModelSources _sources;
    private readonly RecentModel _recent;
    private readonly ConcurrentDictionary<string, ModelFetch> _fetches = new(StringComparer.Ordinal);
    private readonly IModelActivator _activator;
    private readonly IModelHub? _hub;
    private readonly TimeProvider _time;
    private readonly bool _replays;
    private readonly ModelSettings _settings;

    /// <param name="resolver">Finds model files.</param>
    /// <param name="activator">Loads and unloads models.</param>
    /// <param name="time">The clock.</param>
    /// <param name="replays">Whether a load is repeated once when the engine exits during it.</param>
    /// <param name="settings">How models are loaded; null if nothing is specified.</param>
    /// <param name="sources">Models that are served elsewhere; null for none.</param>
    internal ModelRegistry(
        ModelResolver resolver,
        IModelActivator activator,
        TimeProvider time,
        bool replays = true,
        ModelSettings? settings = null,
        ModelSources? sources = null)
    {
        _sources = sources ?? ModelSources.None;
        _settings = settings ?? ModelSettings.None;
        _replays = replays;
        _recent = new RecentModel(resolver.Resolve, time);
        _activator = activator;
        _hub = resolver.Hub;
        _time = time;
    }

    /// <summary>Waits until the model is loaded, downloading and loading it if necessary.</summary>
    /// <param name="model">
    /// <c>starter</c>, the path of a GGUF file or of a directory that contains exactly one, or a name of the hub.
    /// </param>
    /// <param name="progress">
    /// Receives the progress of the load, even if another call started it; null for none. Called on the thread pool, one report at a time,
    /// all of them before this method completes. It may block: other calls do not wait for it, and it misses reports then.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancels the wait. The load continues while another caller waits for it, and is cancelled with the last one.
    /// </param>
    /// <returns>Properties of the model.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ModelNotFoundException">The model is no known name, no existing file and no model of the hub.</exception>
    /// <exception cref="ModelAccessException">The hub requires a token or the acceptance of conditions.</exception>
    /// <exception cref="ModelDownloadException">The download failed; the next call continues it.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the model file.</exception>
    /// <exception cref="EngineNotFoundException">The engine executable was not found.</exception>
    /// <exception cref="EngineStartException">The engine failed to start, or did not respond in time.</exception>
    /// <exception cref="EngineConnectionException">
    /// The engine process exited, or the connection to it ended, during the load, and once more when the load was repeated; see
    /// <see cref="ClientOptions.ReplayUnansweredCalls"/>. The next call connects again.
    /// </exception>
    /// <exception cref="RequestStalledException">
    /// The engine reported no progress of the load for <see cref="ClientOptions.StallTimeout"/>.
    /// </exception>
    public Task<ModelInfo> EnsureLoadedAsync(
        string model,
        IProgress<ModelLoadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        LoadAsync(model, null, progress, cancellationToken);

    /// <summary>Waits until the model is loaded with these options, downloading and loading it if necessary.</summary>
    /// <param name="model">
    /// <c>starter</c>, the path of a GGUF file or of a directory that contains exactly one, or a name of the hub.
    /// </param>
    /// <param name="options">
    /// How to load it; what is null in them is taken from the options of the client. They apply to later loads by this client, too.
    /// </param>
    /// <param name="progress">Receives the progress of the load; null for none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Properties of the model, with what was granted.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="model"/> is null or blank, <paramref name="options"/> is null, or one of its values is not allowed.
    /// </exception>
    /// <exception cref="ModelOptionsConflictException">
    /// The model is loaded with options that do not serve these, and in use.
    /// </exception>
    /// <exception cref="ModelMemoryException">There is not enough memory.</exception>
    /// <exception cref="DraftModelException">The draft model cannot draft for the model.</exception>
    /// <inheritdoc cref="EnsureLoadedAsync(string, IProgress{ModelLoadProgress}?, CancellationToken)"/>
    public Task<ModelInfo> EnsureLoadedAsync(
        string model,
        ModelOptions options,
        IProgress<ModelLoadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return LoadAsync(model, options with { }, progress, cancellationToken);
    }

    /// <summary>Returns the status of a model. Neither waits nor loads.</summary>
    /// <param name="model">
    /// <c>starter</c>, the path of a GGUF file or of a directory that contains exactly one, or a name of the hub.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ModelNotFoundException">The model is neither a known name nor an existing file.</exception>
    public ModelStatus GetStatus(string model)
    {
        return _sources.TryFind(model, out IModelProvider? provider, out string? name)
            ? provider.GetStatus(name)
            : GetStatusOnEngine(model);
    }

    /// <summary>Returns the status of a model of this machine, whatever the names of sources.</summary>
    internal ModelStatus GetStatusOnEngine(string model)
    {
        if (Resolve(model) is not { } resolved)
        {
            bool isRunning = _fetches.TryGetValue(model.Trim(), out ModelFetch? fetch) && fetch.IsRunning;
            return new ModelStatus { Id = model.Trim(), Path = "", State = isRunning ? ModelState.Loading : ModelState.Idle };
        }

        return _entries.TryGetValue(resolved.CanonicalId, out ModelEntry? entry)
            ? entry.Describe()
            : new ModelStatus { Id = resolved.CanonicalId, Path = resolved.Path, State = ModelState.Idle };
    }

    /// <summary>Returns the status of every model that this client has used. Neither waits nor loads.</summary>
    public IReadOnlyList<ModelStatus> List() =>
        [.. _entries.Values.Select(entry => entry.Describe()).Concat(_sources.List()).OrderBy(status => status.Id, StringComparer.Ordinal)];

    /// <summary>
    /// Unloads a model from the engine, for all applications of the user. The next call that needs it loads it again. A model is never
    /// unloaded while it is in use or being loaded.
    /// </summary>
    /// <param name="model">
    /// <c>starter</c>, the path of a GGUF file or of a directory that contains exactly one, or a name of the hub.
    /// </param>
    /// <param name="mode">What to do while the model is in use (default: wait).</param>
    /// <param name="cancellationToken">Cancels the wait. The model then stays loaded, unless it is already being unloaded.</param>
    /// <returns>Whether the model was unloaded; false when this client has not loaded it.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ModelNotFoundException">The model is neither a known name nor an existing file.</exception>
    /// <exception cref="ModelInUseException">The model is in use, and <paramref name="mode"/> is not to wait.</exception>
    /// <exception cref="RequestRejectedException">
    /// The engine does not support unloading models, like PIE engines other than Orchard's.
    /// </exception>
    /// <exception cref="RequestStalledException">
    /// The engine did not answer for <see cref="ClientOptions.StallTimeout"/>. The model may or may not have been unloaded.
    /// </exception>
    public Task<bool> UnloadAsync(string model, UnloadMode mode = UnloadMode.WaitForUsers, CancellationToken cancellationToken = default) =>
        _sources.ToLocal(model) is var local
        && !_sources.TryFindSource(local, out _, out _)
        && Resolve(local) is { } resolved
        && _entries.TryGetValue(resolved.CanonicalId, out ModelEntry? entry)
            ? entry.UnloadAsync(mode, cancellationToken)
            : Task.FromResult(false);

    /// <summary>Returns a lease on the loaded model, which is not unloaded until the lease is disposed.</summary>
    /// <exception cref="NotSupportedException">The model is served elsewhere, and what is asked for needs it on this machine.</exception>
    internal async ValueTask<ModelLease> AcquireAsync(string model, CancellationToken cancellationToken)
    {
        if (_sources.TryFindSource(model, out _, out _))
        {
            throw new NotSupportedException(
                $"'{model}' is a model of a source, which renders the prompts itself. Use a model of this machine.");
        }

        ResolvedModel resolved = Resolve(model) ?? await FetchAsync(model, null, cancellationToken).ConfigureAwait(false);
        ModelEntry entry = EntryOf(resolved);
        await entry.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new ModelLease(entry, await entry.LoadAsync(null, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            entry.Leave();
            throw;
        }
    }

    /// <summary>Waits until a model of this machine is loaded, whatever the names of sources.</summary>
    internal Task<ModelInfo> LoadOnEngineAsync(string model, CancellationToken cancellationToken) =>
        LoadOnEngineAsync(model, null, null, cancellationToken);

    // Thousands of callers may wait at once, most of them with neither options nor progress. They share everything that can be shared: each
    // field of a state machine costs memory, and each further one another throw on cancellation.
    private Task<ModelInfo> LoadAsync(
        string model, ModelOptions? options, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken) =>
        _sources.TryFind(model, out IModelProvider? provider, out string? name)
            ? InquireAsync(provider, name, model, options, progress, cancellationToken)
            : LoadOnEngineAsync(model, options, progress, cancellationToken);

    private Task<ModelInfo> LoadOnEngineAsync(
        string model, ModelOptions? options, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken) =>
        options is null && progress is null && TryEnter(model) is { } entry
            ? LoadAndLeaveAsync(entry, cancellationToken)
            : LoadAndReportAsync(model, options, progress, cancellationToken);

    private async Task<ModelInfo> LoadAndLeaveAsync(ModelEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return (await entry.LoadAsync(null, cancellationToken).ConfigureAwait(false)).Info;
        }
        catch (EngineConnectionException e) when (_replays && !cancellationToken.IsCancellationRequested)
        {
            return await LoadAgainAsync(entry, null, null, e, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            entry.Leave();
        }
    }

    private async Task<ModelInfo> LoadAndReportAsync(
        string model, ModelOptions? options, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        ProgressReports? reports = progress is null ? null : new ProgressReports(progress);
        reports?.Add(new ModelLoadProgress { Phase = ModelLoadPhase.Resolving });
        ResolvedModel resolved = Resolve(model) ?? await FetchAsync(model, reports, cancellationToken).ConfigureAwait(false);
        ModelEntry entry = EntryOf(resolved);
        ModelOptions? settings = options is null ? null : _settings.For(resolved.Names, options);
        await entry.EnterAsync(cancellationToken).ConfigureAwait(false);
        ModelInfo info;
        try
        {
            info = await LoadOnceAsync(entry, settings, reports, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineConnectionException e) when (_replays && !cancellationToken.IsCancellationRequested)
        {
            info = await LoadAgainAsync(entry, settings, reports, e, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            entry.Leave();
        }

        if (reports is not null)
        {
            reports.Add(new ModelLoadProgress { Phase = ModelLoadPhase.Ready });
            await reports.HandledAsync(cancellationToken).ConfigureAwait(false);
        }

        return info;
    }

    // Says why the engine exited during the first load if none can be started for the second.
    private static async Task<ModelInfo> LoadAgainAsync(
        ModelEntry entry,
        ModelOptions? options,
        ProgressReports? reports,
        EngineConnectionException end,
        CancellationToken cancellationToken)
    {
        try
        {
            return await LoadOnceAsync(entry, options, reports, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ConnectionReplay.IsStartFailure(e))
        {
            throw end.During(receivedCharacters: 0);
        }
    }

    private static async Task<ModelInfo> LoadOnceAsync(
        ModelEntry entry, ModelOptions? options, ProgressReports? reports, CancellationToken cancellationToken)
    {
        ReadyModel ready = options is null
            ? await entry.LoadAsync(reports, cancellationToken).ConfigureAwait(false)
            : await entry.LoadAsync(options, reports, cancellationToken).ConfigureAwait(false);
        return ready.Info;
    }

    // Null if the model is being unloaded, has to be downloaded first, or cannot be found, which is for the caller's task to say.
    private ModelEntry? TryEnter(string model)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(model) && Resolve(model) is { } resolved && EntryOf(resolved) is var entry && entry.TryEnter()
                ? entry
                : null;
        }
        catch (ModelNotFoundException)
        {
            return null;
        }
    }

    private ModelEntry EntryOf(ResolvedModel resolved) => _entries.GetOrAdd(
        resolved.CanonicalId,
        static (_, state) => new ModelEntry(
            state.resolved with { Options = state._settings.For(state.resolved.Names) }, state._activator, state._time),
        (resolved, _settings, _activator, _time));

    private Task<ResolvedModel> FetchAsync(string model, ProgressReports? reports, CancellationToken cancellationToken) =>
        _fetches.GetOrAdd(model.Trim(), static (name, hub) => new ModelFetch(name, hub), _hub!).GetAsync(reports, cancellationToken);

    private ResolvedModel? Resolve(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        try
        {
            return _recent.Resolve(model);
        }
        catch (ModelNotFoundException)
        {
            // A loaded model does not need its file any more.
            if (_entries.Values.FirstOrDefault(entry => entry.IsLoadedAs(model)) is { } loaded)
            {
                return loaded.Model;
            }

            throw;
        }
    }
}
