using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Models;

/// <summary>Every model the engine has or is about to have, by canonical id. Thread-safe.</summary>
/// <param name="loader">Loads them.</param>
/// <param name="events">Hears how loads end.</param>
/// <param name="onStepCompleted">Called after each step of a model, when its observers have been told.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what happens to models.</param>
internal sealed class LoadedModels(IModelLoader loader, IEventSink events, Action onStepCompleted, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ModelHost> _hosts = new(StringComparer.Ordinal);

    /// <summary>The host of a model that was asked for, or null.</summary>
    public ModelHost? Find(string canonicalId) => _hosts.GetValueOrDefault(canonicalId);

    /// <summary>Loads a model, or joins its load.</summary>
    public LoadTicket Load(string canonicalId, string requestedId, string path, LoadKey? key, bool answersAtEnd) =>
        Host(canonicalId, requestedId).Load(path, key, answersAtEnd);

    /// <summary>Takes one load command back, also one that is still on its way when it has a name.</summary>
    public void CancelLoad(string canonicalId, LoadKey? key)
    {
        ModelHost? host = key is null ? Find(canonicalId) : Host(canonicalId, canonicalId);
        host?.CancelLoad(key);
    }

    /// <summary>Frees a model that nobody uses; false when somebody does. One that is not loaded counts as freed.</summary>
    public Task<bool> TryUnloadAsync(string canonicalId) => Find(canonicalId)?.TryUnloadAsync() ?? Task.FromResult(true);

    /// <summary>What the head of a model file says; throws when it cannot be a model.</summary>
    public ModelFileFacts Inspect(string path) => loader.Inspect(path);

    /// <summary>The heartbeat's lines, one for each model that is not idle.</summary>
    public IReadOnlyList<TelemetryModel> Describe() =>
        [.. _hosts.Values.Select(host => host.Describe()).OfType<TelemetryModel>().OrderBy(model => model.CanonicalId, StringComparer.Ordinal)];

    private ModelHost Host(string canonicalId, string requestedId) => _hosts.GetOrAdd(
        canonicalId,
        static (id, made) => new ModelHost(id, made.requestedId, made.loader, made.events, made.onStepCompleted, made.time, made.logger),
        (requestedId, loader, events, onStepCompleted, time, logger));

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_hosts.Values.Select(host => host.DisposeAsync().AsTask())).ConfigureAwait(false);
}
