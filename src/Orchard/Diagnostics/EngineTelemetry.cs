using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchard.Engine;
using Orchard.Protocol.Messages;

namespace Orchard.Diagnostics;

/// <summary>What is told of engines: how often one had to be replaced, and what their last heartbeats say.</summary>
internal static class EngineTelemetry
{
    private static readonly ConcurrentDictionary<EngineSession, byte> Sessions = new();

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

    /// <summary>A session began: from here on its heartbeats are told.</summary>
    public static void Add(EngineSession session) => Sessions.TryAdd(session, 0);

    /// <summary>A session is over.</summary>
    public static void Remove(EngineSession session) => Sessions.TryRemove(session, out _);

    /// <summary>A client connects in the place of a connection that it lost.</summary>
    public static void CountRestart() => Restarts.Add(1);

    private static List<Measurement<double>> ReadAges() =>
        [.. Engines().Select(session => new Measurement<double>(session.Loads.TelemetryAge.TotalSeconds, EngineOf(session)))];

    private static List<Measurement<T>> ReadModels<T>(Func<TelemetryModel, T> value)
        where T : struct =>
        [.. Engines().SelectMany(session => (session.LastTelemetry?.Models ?? [])
            .Select(model => new Measurement<T>(value(model), EngineOf(session), new(TagNames.ModelId, model.CanonicalId))))];

    // Several clients of this program may share an engine, which is to be told of once.
    private static IEnumerable<EngineSession> Engines() =>
        Sessions.Keys.Where(session => !session.IsClosed).DistinctBy(session => session.ProcessId ?? (object)session);

    private static KeyValuePair<string, object?> EngineOf(EngineSession session) => new(TagNames.EngineProcess, session.ProcessId);
}
