using System.Collections.Concurrent;
using Orchard.Models;

namespace Orchard;

/// <summary>
/// The models of one <see cref="Client"/>: each is loaded once, however many callers ask for it and however they are timed.
/// Thread-safe.
/// </summary>
public sealed class ModelRegistry
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(ModelResolver.IdComparer);
    private readonly ModelResolver _resolver;
    private readonly IModelActivator _activator;

    internal ModelRegistry(ModelResolver resolver, IModelActivator activator)
    {
        _resolver = resolver;
        _activator = activator;
    }

    /// <summary>Waits until the model is loaded, loading it if nobody else does.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file or of a folder that holds exactly one.</param>
    /// <param name="progress">Told each phase of the load this call waits for.</param>
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
        CancellationToken cancellationToken = default) =>
        (await GetReadyAsync(model, progress, cancellationToken).ConfigureAwait(false)).Info;

    // Without a listener no state machine of its own: thousands may wait at once, and each layer costs memory and, on cancellation, a throw.
    internal Task<ReadyModel> GetReadyAsync(string model, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return progress is null ? Find(model).GetAsync(cancellationToken) : GetReadyAndTellAsync(model, progress, cancellationToken);
    }

    private async Task<ReadyModel> GetReadyAndTellAsync(string model, IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken)
    {
        progress.Report(new ModelLoadProgress { Phase = ModelLoadPhase.Resolving });
        ReadyModel ready = await Find(model).GetAsync(progress, cancellationToken).ConfigureAwait(false);
        progress.Report(new ModelLoadProgress { Phase = ModelLoadPhase.Ready });
        return ready;
    }

    private Entry Find(string model)
    {
        ResolvedModel resolved = _resolver.Resolve(model);
        return _entries.GetOrAdd(resolved.CanonicalId, static (_, state) => new Entry(state.resolved, state._activator), (resolved, _activator));
    }

    /// <summary>One model: the flight that loads it, and those who want to hear how far it is.</summary>
    private sealed class Entry
    {
        private readonly SingleFlight<ReadyModel> _flight;
        private readonly ConcurrentDictionary<IProgress<ModelLoadProgress>, byte> _listeners = new();

        public Entry(ResolvedModel model, IModelActivator activator) =>
            _flight = new SingleFlight<ReadyModel>(
                cancellationToken => activator.ActivateAsync(model, Report, cancellationToken),
                activator.IsCurrent);

        public Task<ReadyModel> GetAsync(CancellationToken cancellationToken) => _flight.GetAsync(cancellationToken);

        public async Task<ReadyModel> GetAsync(IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken)
        {
            _listeners.TryAdd(progress, 0);
            try
            {
                return await _flight.GetAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _listeners.TryRemove(progress, out _);
            }
        }

        private void Report(ModelLoadPhase phase)
        {
            foreach (IProgress<ModelLoadProgress> listener in _listeners.Keys)
            {
                try
                {
                    listener.Report(new ModelLoadProgress { Phase = phase });
                }
                catch (Exception)
                {
                    // One caller's listener must not end the load that others wait for.
                }
            }
        }
    }
}
