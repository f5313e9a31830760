using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchard.Connection.Processes;
using Orchard.Diagnostics;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages;

namespace Orchard.Connection;

/// <summary>The metrics of engines: how often a connection was replaced, and the figures of their last heartbeats.</summary>
internal static class EngineTelemetry
{
    private static readonly ConcurrentDictionary<IObservedEngine, byte> Sessions = new();

    private static readonly Counter<long> Restarts = OrchardTelemetry.Meter.CreateCounter<long>(
        "orchard.engine.restarts", "{restart}", "Connections made in the place of one that was lost.");

    private static readonly ObservableGauge<double> Age = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.heartbeat.age", ReadAges, "s", "Time since the engine's last heartbeat.");

    private static readonly ObservableGauge<int> Running = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.sequences.running", () => ReadModels(static model => model.RunningSequences), "{sequence}", "Conversations being decoded, of all programs.");

    private static readonly ObservableGauge<int> Waiting = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.sequences.waiting", () => ReadModels(static model => model.WaitingSequences), "{sequence}", "Conversations that wait for their turn, of all programs.");

    private static readonly ObservableGauge<double> Throughput = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.throughput", () => ReadModels(static model => model.TokensPerSecond), "{token}/s", "Tokens generated per second, for all programs.");

    private static readonly ObservableGauge<long> KvTokens = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.kv_cache.tokens", () => ReadCounters(static model => model.KvTokens), "{token}", "Tokens in the KV cache, those included that are kept for later prompts.");

    private static readonly ObservableGauge<long> KvCapacity = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.kv_cache.capacity", () => ReadCounters(static model => model.KvCapacity), "{token}", "Tokens that fit the KV cache.");

    private static readonly ObservableCounter<long> PromptTokens = OrchardTelemetry.Meter.CreateObservableCounter(
        "orchard.engine.prompt.tokens", () => ReadCounters(static model => model.PromptTokens), "{token}", "Prompt tokens computed since the engine started, for all programs.");

    private static readonly ObservableCounter<long> PrefixCacheHits = OrchardTelemetry.Meter.CreateObservableCounter(
        "orchard.engine.prefix_cache.hits", () => ReadCounters(static model => model.CachedTokens), "{token}", "Prompt tokens found in the prefix cache since the engine started, for all programs.");

    private static readonly ObservableCounter<long> GeneratedTokens = OrchardTelemetry.Meter.CreateObservableCounter(
        "orchard.engine.generated.tokens", () => ReadCounters(static model => model.GeneratedTokens), "{token}", "Tokens generated since the engine started, for all programs.");

    private static readonly ObservableGauge<long> Resident = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.memory.resident", ReadResident, "By", "Resident memory of the engine process.");

    private static readonly ObservableGauge<int> QueueDepth = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.queue.depth", ReadQueues, "{request}", "Requests that are being prepared, and conversations that wait for their turn, of all programs and models.");

    /// <summary>A session began: from here on its heartbeats are told.</summary>
    public static void Add(IObservedEngine session) => Sessions.TryAdd(session, 0);

    /// <summary>A session is over.</summary>
    public static void Remove(IObservedEngine session) => Sessions.TryRemove(session, out _);

    /// <summary>A client connects in the place of a connection that it lost.</summary>
    public static void CountRestart() => Restarts.Add(1);

    private static List<Measurement<double>> ReadAges() =>
        [.. Engines().Select(session => new Measurement<double>(session.Heartbeats.Age.TotalSeconds, EngineOf(session)))];

    private static List<Measurement<long>> ReadResident() =>
        [.. Heartbeats().Where(heard => heard.Telemetry.Process is not null)
            .Select(heard => new Measurement<long>(heard.Telemetry.Process!.ResidentBytes, EngineOf(heard.Session)))];

    private static List<Measurement<int>> ReadQueues() =>
        [.. Heartbeats().Select(heard => new Measurement<int>(
            heard.Telemetry.Queues.RawRequestQueueDepth + heard.Telemetry.Queues.ProcessedSequenceQueueDepth, EngineOf(heard.Session)))];

    // Engines of the family do not count.
    private static List<Measurement<long>> ReadCounters(Func<TelemetryCounters, long> value) =>
        [.. Heartbeats().SelectMany(heard => heard.Telemetry.Models.Where(model => model.Counters is not null)
            .Select(model => new Measurement<long>(value(model.Counters!), EngineOf(heard.Session), new(TagNames.ModelId, model.CanonicalId))))];

    private static List<Measurement<T>> ReadModels<T>(Func<TelemetryModel, T> value)
        where T : struct =>
        [.. Heartbeats().SelectMany(heard => heard.Telemetry.Models
            .Select(model => new Measurement<T>(value(model), EngineOf(heard.Session), new(TagNames.ModelId, model.CanonicalId))))];

    private static IEnumerable<(IObservedEngine Session, Telemetry Telemetry)> Heartbeats() =>
        Engines().Where(session => session.Heartbeats.Last is not null).Select(session => (session, session.Heartbeats.Last!));

    // Several clients of this program may share an engine, which is to be told of once.
    private static IEnumerable<IObservedEngine> Engines() =>
        Sessions.Keys.Where(session => !session.IsClosed).DistinctBy(session => session.ProcessId ?? (object)session);

    private static KeyValuePair<string, object?> EngineOf(IObservedEngine session) => new(TagNames.EngineProcess, session.ProcessId);
}
