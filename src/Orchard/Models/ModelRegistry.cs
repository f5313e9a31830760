using System.Collections.Concurrent;
using Orchard.Models;

namespace Orchard;

/// <summary>
/// The models of one <see cref="Client"/>: each is loaded once, however many callers ask for it and however they are timed.
/// Thread-safe.
/// </summary>
public sealed class ModelRegistry
{
    private readonly ConcurrentDictionary<string, ModelEntry> _entries = new(ModelResolver.IdComparer);
    private readonly RecentModel _recent;
    private readonly IModelActivator _activator;
    private readonly TimeProvider _time;

    internal ModelRegistry(ModelResolver resolver, IModelActivator activator, TimeProvider time)
    {
        _recent = new RecentModel(resolver.Resolve, time);
        _activator = activator;
        _time = time;
    }

    /// <summary>Waits until the model is loaded, loading it if nobody else does.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file or of a folder that holds exactly one.</param>
    /// <param name="progress">Told how far the load is that this call waits for, also one that began before it.</param>
    /// <param name="cancellationToken">
    /// Ends this call's wait. The load goes on as long as another caller waits for it, and is cancelled with the last one.
    /// </param>
    /// <returns>What the model is.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ModelNotFoundException">Neither an alias nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the file.</exception>
    /// <exception cref="EngineNotFoundException">There is no engine executable.</exception>
    /// <exception cref="EngineStartException">The engine did not start.</exception>
    /// <exception cref="EngineDiedException">The engine ended while loading. The next call loads on a new one.</exception>
    public async Task<ModelInfo> EnsureLoadedAsync(
        string model,
        IProgress<ModelLoadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        // One state machine for a caller: thousands may wait at once, and each layer costs memory and, on cancellation, a throw.
        progress?.Report(new ModelLoadProgress { Phase = ModelLoadPhase.Resolving });
        ModelEntry entry = EntryOf(model);
        await entry.EnterAsync(cancellationToken).ConfigureAwait(false);
        ModelInfo info;
        try
        {
            info = (await entry.LoadAsync(progress, cancellationToken).ConfigureAwait(false)).Info;
        }
        finally
        {
            entry.Leave();
        }

        progress?.Report(new ModelLoadProgress { Phase = ModelLoadPhase.Ready });
        return info;
    }

    /// <summary>How a model stands. Neither waits nor loads.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file or of a folder that holds exactly one.</param>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ModelNotFoundException">Neither an alias nor an existing file.</exception>
    public ModelStatus GetStatus(string model)
    {
        ResolvedModel resolved = Resolve(model);
        return _entries.TryGetValue(resolved.CanonicalId, out ModelEntry? entry)
            ? entry.Describe()
            : new ModelStatus { Id = resolved.CanonicalId, Path = resolved.Path, State = ModelState.Idle };
    }

    /// <summary>Every model this client has asked for, and how it stands. Neither waits nor loads.</summary>
    public IReadOnlyList<ModelStatus> List() =>
        [.. _entries.Values.Select(entry => entry.Describe()).OrderBy(status => status.Id, StringComparer.Ordinal)];

    /// <summary>
    /// Frees the memory of a model in the engine, for all programs of this user: who needs it next loads it again. A model that
    /// somebody uses or loads is never taken away.
    /// </summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file or of a folder that holds exactly one.</param>
    /// <param name="mode">What to do while somebody uses it (default: wait).</param>
    /// <param name="cancellationToken">Ends the wait; the model then stays, unless the engine is at it already.</param>
    /// <returns>Whether it was unloaded; false when this client has not loaded it.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ModelNotFoundException">Neither an alias nor an existing file.</exception>
    /// <exception cref="ModelInUseException">Somebody uses it, and <paramref name="mode"/> is not to wait.</exception>
    /// <exception cref="RequestRejectedException">The engine does not unload models; those of the family do not.</exception>
    public Task<bool> UnloadAsync(string model, UnloadMode mode = UnloadMode.WaitForUsers, CancellationToken cancellationToken = default) =>
        _entries.TryGetValue(Resolve(model).CanonicalId, out ModelEntry? entry)
            ? entry.UnloadAsync(mode, cancellationToken)
            : Task.FromResult(false);

    /// <summary>The model, loaded, and kept so until the lease ends.</summary>
    internal async ValueTask<ModelLease> AcquireAsync(string model, CancellationToken cancellationToken)
    {
        ModelEntry entry = EntryOf(model);
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

    private ModelEntry EntryOf(string model)
    {
        ResolvedModel resolved = Resolve(model);
        return _entries.GetOrAdd(
            resolved.CanonicalId,
            static (_, state) => new ModelEntry(state.resolved, state._activator, state._time),
            (resolved, _activator, _time));
    }

    private ResolvedModel Resolve(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return _recent.Resolve(model);
    }
}
