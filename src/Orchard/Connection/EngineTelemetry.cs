using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchard.Diagnostics;
using Orchard.Processes;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Connection;

/// <summary>Metrics of engines: restarts, and the values of their last heartbeats.</summary>
internal static class EngineTelemetry
{
    private static readonly ConcurrentDictionary<IObservedEngine, byte> Sessions = new();

    private static readonly Counter<long> Restarts = OrchardTelemetry.Meter.CreateCounter<long>(
        "orchard.engine.restarts", "{restart}", "Connections made to replace one that was lost.");

    private static readonly ObservableGauge<double> Age = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.heartbeat.age", ReadAges, "s", "Time since the engine's last heartbeat.");

    private static readonly ObservableGauge<int> Running = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.sequences.running",
        () => ReadModels(static model => model.RunningSequences),
        "{sequence}",
        "Sequences being decoded, for all programs.");

    private static readonly ObservableGauge<int> Waiting = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.sequences.waiting",
        () => ReadModels(static model => model.WaitingSequences),
        "{sequence}",
        "Sequences waiting for a slot, for all programs.");

    private static readonly ObservableGauge<double> Throughput = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.throughput",
        () => ReadModels(static model => model.TokensPerSecond),
        "{token}/s",
        "Tokens generated per second, for all programs.");

    private static readonly ObservableGauge<long> KvTokens = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.kv_cache.tokens",
        () => ReadCounters(static model => model.KvTokens),
        "{token}",
        "Tokens in the KV cache, including those kept for later prompts.");

    private static readonly ObservableGauge<long> KvTokensInUse = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.kv_cache.used",
        () => ReadCounters(static model => model.KvTokensInUse),
        "{token}",
        "Tokens of running sequences in the KV cache.");

    private static readonly ObservableGauge<long> KvCapacity = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.kv_cache.capacity",
        () => ReadCounters(static model => model.KvCapacity),
        "{token}",
        "Capacity of the KV cache in tokens.");

    private static readonly ObservableCounter<long> PromptTokens = OrchardTelemetry.Meter.CreateObservableCounter(
        "orchard.engine.prompt.tokens",
        () => ReadCounters(static model => model.PromptTokens),
        "{token}",
        "Prompt tokens computed since the engine started, for all programs.");

    private static readonly ObservableCounter<long> PrefixCacheHits = OrchardTelemetry.Meter.CreateObservableCounter(
        "orchard.engine.prefix_cache.hits",
        () => ReadCounters(static model => model.CachedTokens),
        "{token}",
        "Prompt tokens found in the prefix cache since the engine started, for all programs.");

    private static readonly ObservableCounter<long> GeneratedTokens = OrchardTelemetry.Meter.CreateObservableCounter(
        "orchard.engine.generated.tokens",
        () => ReadCounters(static model => model.GeneratedTokens),
        "{token}",
        "Tokens generated since the engine started, for all programs.");

    private static readonly ObservableGauge<long> Resident = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.memory.resident", ReadResident, "By", "Resident memory of the engine process.");

    private static readonly ObservableGauge<int> QueueDepth = OrchardTelemetry.Meter.CreateObservableGauge(
        "orchard.engine.queue.depth",
        ReadQueues,
        "{request}",
        "Requests being prepared and sequences waiting for a slot, for all programs and models.");

    /// <summary>Starts publishing the heartbeats of a session.</summary>
    public static void Add(IObservedEngine session) => Sessions.TryAdd(session, 0);

    /// <summary>Stops publishing the heartbeats of a session.</summary>
    public static void Remove(IObservedEngine session) => Sessions.TryRemove(session, out _);

    /// <summary>Counts a connection that replaces a lost one.</summary>
    public static void CountRestart() => Restarts.Add(1);

    private static List<Measurement<double>> ReadAges() =>
        [.. Engines().Select(session => new Measurement<double>(session.Heartbeats.Age.TotalSeconds, EngineOf(session)))];

    private static List<Measurement<long>> ReadResident() =>
        [.. Heartbeats().Where(beat => beat.Telemetry.Process is not null)
            .Select(beat => new Measurement<long>(beat.Telemetry.Process!.ResidentBytes, EngineOf(beat.Session)))];

    private static List<Measurement<int>> ReadQueues() =>
        [.. Heartbeats().Select(beat => new Measurement<int>(
            beat.Telemetry.Queues.RawRequestQueueDepth + beat.Telemetry.Queues.ProcessedSequenceQueueDepth, EngineOf(beat.Session)))];

    // PIE engines other than Orchard's have no counters.
    private static List<Measurement<long>> ReadCounters(Func<TelemetryCounters, long> value) =>
        [.. Heartbeats().SelectMany(beat => beat.Telemetry.Models.Where(model => model.Counters is not null)
            .Select(model => new Measurement<long>(
                value(model.Counters!), EngineOf(beat.Session), new(TagNames.ModelId, model.CanonicalId))))];

    private static List<Measurement<T>> ReadModels<T>(Func<TelemetryModel, T> value)
        where T : struct =>
        [.. Heartbeats().SelectMany(beat => beat.Telemetry.Models
            .Select(model => new Measurement<T>(value(model), EngineOf(beat.Session), new(TagNames.ModelId, model.CanonicalId))))];

    private static IEnumerable<(IObservedEngine Session, Telemetry Telemetry)> Heartbeats() =>
        Engines().Where(session => session.Heartbeats.Last is not null).Select(session => (session, session.Heartbeats.Last!));

    // Several clients of this program may share an engine, which must be reported only once.
    private static IEnumerable<IObservedEngine> Engines() =>
        Sessions.Keys.Where(session => !session.IsClosed).DistinctBy(session => session.ProcessId ?? (object)session);

    private static KeyValuePair<string, object?> EngineOf(IObservedEngine session) => new(TagNames.EngineProcess, session.ProcessId);
}
