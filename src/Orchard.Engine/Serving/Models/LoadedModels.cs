using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Models;

/// <summary>All models that are loaded or loading, by canonical id. Thread-safe.</summary>
/// <param name="loader">Loads models.</param>
/// <param name="events">Receives the outcomes of loads.</param>
/// <param name="onStepCompleted">Called after each decode step of a model, after its observers.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs loads.</param>
internal sealed class LoadedModels(IModelLoader loader, IEventSink events, Action onStepCompleted, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ModelHost> _hosts = new(StringComparer.Ordinal);
    private readonly HostServices _services = new(loader, events, onStepCompleted, new EarlyCancels<LoadKey>(time), time, logger);

    /// <summary>Returns the host of a model that was ever requested, or null.</summary>
    public ModelHost? Find(string canonicalId) => _hosts.GetValueOrDefault(canonicalId);

    /// <summary>Loads a model or joins a running load.</summary>
    public LoadTicket Load(
        string canonicalId, string requestedId, string path, LoadKey? key, bool answersAtEnd, bool mapsFile = true) =>
        Host(canonicalId, requestedId).Load(path, key, answersAtEnd, mapsFile);

    /// <summary>Cancels a load command. With a key this also works for a command that has not arrived yet.</summary>
    public void CancelLoad(string canonicalId, LoadKey? key)
    {
        if (Find(canonicalId) is null && key is { } early)
        {
            _services.EarlyCancels.Remember(early); // nothing is kept for models that were never loaded
        }

        Find(canonicalId)?.CancelLoad(key); // the command may have arrived in the meantime
    }

    /// <summary>Number of hosts and of cancellations that are kept for commands that have not arrived.</summary>
    public int KeptEntries => _hosts.Count + _services.EarlyCancels.Count;

    /// <summary>Frees an unused model. Returns false if it is in use or loading; a model that is not loaded counts as freed.</summary>
    public Task<bool> TryUnloadAsync(string canonicalId) => Find(canonicalId)?.TryUnloadAsync() ?? Task.FromResult(true);

    /// <summary>Reads the header of a model file. Throws if the file is not a model.</summary>
    public ModelFileFacts Inspect(string path) => loader.Inspect(path);

    /// <summary>Returns telemetry of all models that are loaded, loading or failed.</summary>
    public IReadOnlyList<TelemetryModel> Describe() =>
    [
        .. _hosts.Values
            .Select(host => host.Describe())
            .OfType<TelemetryModel>()
            .OrderBy(model => model.CanonicalId, StringComparer.Ordinal),
    ];

    private ModelHost Host(string canonicalId, string requestedId) => _hosts.GetOrAdd(
        canonicalId,
        static (id, made) => new ModelHost(id, made.requestedId, made._services),
        (requestedId, _services));

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_hosts.Values.Select(host => host.DisposeAsync().AsTask())).ConfigureAwait(false);
}
