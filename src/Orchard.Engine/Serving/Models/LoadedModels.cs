using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Native.Backends;
using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Models;

/// <summary>All models that are loaded or loading, by canonical id. Thread-safe.</summary>
internal sealed class LoadedModels : IAsyncDisposable
{
    /// <summary>Number of hosts from which on the idle ones are forgotten, with their errors, before a new one is made.</summary>
    public const int MaxIdleHosts = 256;

    private readonly Lock _gate = new(); // a host is not forgotten while it gets a command
    private readonly ConcurrentDictionary<string, ModelHost> _hosts = new(StringComparer.Ordinal);
    private readonly IModelLoader _loader;
    private readonly HostServices _services;

    /// <param name="loader">Loads models.</param>
    /// <param name="events">Receives the outcomes of loads.</param>
    /// <param name="onStepCompleted">Called after each decode step of a model, after its observers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs loads.</param>
    /// <param name="rules">How much memory models may take and how long they stay; null for the defaults.</param>
    public LoadedModels(
        IModelLoader loader, IEventSink events, Action onStepCompleted, TimeProvider time, ILogger logger, ModelRules? rules = null)
    {
        rules ??= new ModelRules();
        _loader = loader;
        var ledger = new MemoryLedger(() => loader.AvailableBytes, rules.MemoryLimit);
        var memory = new ModelMemory(ledger, () => _hosts.Values, time, logger);
        _services = new HostServices
        {
            Loader = loader,
            Events = events,
            OnStepCompleted = onStepCompleted,
            Memory = memory,
            KeepAlive = rules.KeepAlive,
            EarlyCancels = new EarlyCancels<LoadKey>(time),
            Time = time,
            Logger = logger,
        };
    }

    /// <summary>Whether a client wants a loaded model to stay even when it has disconnected.</summary>
    public bool HasKept => _hosts.Values.Any(static host => host.IsKept);

    /// <summary>The GPU libraries that models can be computed with, and those that cannot be used.</summary>
    public IReadOnlyList<BackendStatus> Backends => _loader.Backends;

    /// <summary>Number of hosts and of cancellations that are kept for commands that have not arrived.</summary>
    public int KeptEntries => _hosts.Count + _services.EarlyCancels.Count;

    /// <summary>Returns the host of a model that was requested, or null.</summary>
    public ModelHost? Find(string canonicalId) => _hosts.GetValueOrDefault(canonicalId);

    /// <summary>Loads a model or joins a running load.</summary>
    public LoadTicket Load(string canonicalId, string requestedId, LoadCommand command)
    {
        lock (_gate)
        {
            if (_hosts.Count >= MaxIdleHosts && !_hosts.ContainsKey(canonicalId))
            {
                ForgetIdle();
            }

            return Host(canonicalId, requestedId).Load(command);
        }
    }

    /// <summary>Cancels a load command. With a key this also works for a command that has not arrived yet.</summary>
    public void CancelLoad(string canonicalId, LoadKey? key)
    {
        if (Find(canonicalId) is null && key is { } early)
        {
            _services.EarlyCancels.Remember(early); // nothing is kept for models that were never loaded
        }

        Find(canonicalId)?.CancelLoad(key); // the command may have arrived in the meantime
    }

    /// <summary>Frees an unused model. Returns false if it is in use or loading; a model that is not loaded counts as freed.</summary>
    public Task<bool> TryUnloadAsync(string canonicalId) => Find(canonicalId)?.TryUnloadAsync() ?? Task.FromResult(true);

    /// <summary>Frees the models that are unused and whose time is over.</summary>
    public void UnloadUnwanted()
    {
        foreach (ModelHost host in _hosts.Values)
        {
            host.UnloadIfUnwanted();
        }
    }

    /// <summary>Records that a client has disconnected.</summary>
    public void Disconnected(ulong channel)
    {
        foreach (ModelHost host in _hosts.Values)
        {
            host.Disconnected(channel);
        }
    }

    /// <summary>Reads the header of a model file. Throws if the file is not a model.</summary>
    public ModelFileFacts Inspect(string path) => _loader.Inspect(path);

    /// <summary>Returns telemetry of all models that are loaded, loading or failed.</summary>
    public IReadOnlyList<TelemetryModel> Describe() =>
    [
        .. _hosts.Values
            .Select(host => host.Describe())
            .OfType<TelemetryModel>()
            .OrderBy(model => model.CanonicalId, StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_hosts.Values.Select(host => host.DisposeAsync().AsTask())).ConfigureAwait(false);

    private void ForgetIdle()
    {
        foreach (ModelHost host in _hosts.Values)
        {
            if (host.IsIdle)
            {
                _hosts.TryRemove(host.CanonicalId, out _);
            }
        }
    }

    private ModelHost Host(string canonicalId, string requestedId) => _hosts.GetOrAdd(
        canonicalId,
        static (id, made) => new ModelHost(id, made.requestedId, made._services),
        (requestedId, _services));
}
