using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Models;

/// <summary>
/// How the loads of one engine session end, as its events tell. Whoever starts a load watches first and sends the command second, so
/// that an event which overtakes the reply is not missed. Thread-safe.
/// </summary>
/// <param name="time">The clock of heartbeats.</param>
internal sealed class LoadOutcomes(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watch> _watches = new(StringComparer.Ordinal); // guarded by _gate
    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal); // guarded by _gate
    private Exception? _closed; // guarded by _gate
    private Heartbeat _lastHeartbeat = new(null, time.GetTimestamp());

    /// <summary>The last heartbeat; null before the first.</summary>
    public Telemetry? LastTelemetry => Volatile.Read(ref _lastHeartbeat).Telemetry;

    /// <summary>The time since the last heartbeat; before the first, since this object was made.</summary>
    public TimeSpan TelemetryAge => time.GetElapsedTime(Volatile.Read(ref _lastHeartbeat).Timestamp);

    /// <summary>Starts to listen for the outcome of a load. One watch per model at a time.</summary>
    /// <param name="canonicalId">The model.</param>
    /// <param name="onProgress">Told on the read loop what share is loaded, where the engine says so.</param>
    public Watch Begin(string canonicalId, Action<double>? onProgress = null)
    {
        lock (_gate)
        {
            var watch = new Watch(this, canonicalId, onProgress);
            if (_closed is not null)
            {
                watch.Fail(_closed);
            }
            else
            {
                _watches.Add(canonicalId, watch);
            }

            return watch;
        }
    }

    /// <summary>
    /// A load was given up before its end was heard. Its event, which names the model but not the load, may be taken for the next one's.
    /// </summary>
    public void LeaveUnsettled(string canonicalId)
    {
        lock (_gate)
        {
            _unsettled.Add(canonicalId);
        }
    }

    /// <summary>Whether a failure just heard may have been that of a load given up before. True once: the next failure is its own.</summary>
    public bool TakeUnsettled(string canonicalId)
    {
        lock (_gate)
        {
            return _unsettled.Remove(canonicalId);
        }
    }

    /// <summary>Takes one event off the read loop.</summary>
    public void OnEvent(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case ModelLoadedEvent loaded:
                Find(loaded.ModelId)?.Succeed(loaded.Model);
                break;
            case ModelLoadFailedEvent failed:
                Find(failed.ModelId)?.Refuse(failed.Error);
                break;
            case TelemetryEvent heartbeat:
                Volatile.Write(ref _lastHeartbeat, new Heartbeat(heartbeat.Telemetry, time.GetTimestamp()));
                TellProgress(heartbeat.Telemetry);
                break;
        }
    }

    /// <summary>Ends every watch, and every later one, with the error.</summary>
    public void Close(Exception error)
    {
        Watch[] watches;
        lock (_gate)
        {
            _closed ??= error;
            watches = [.. _watches.Values];
            _watches.Clear();
        }

        foreach (Watch watch in watches)
        {
            watch.Fail(error);
        }
    }

    private void TellProgress(Telemetry telemetry)
    {
        foreach (TelemetryModel model in telemetry.Models)
        {
            if (model.Counters?.LoadProgress is >= 0 and <= 1 and { } fraction)
            {
                Find(model.CanonicalId)?.Progress?.Invoke(fraction);
            }
        }
    }

    private Watch? Find(string canonicalId)
    {
        lock (_gate)
        {
            return _watches.GetValueOrDefault(canonicalId);
        }
    }

    private void End(Watch watch)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(watch.CanonicalId, out Watch? current) && current == watch)
            {
                _watches.Remove(watch.CanonicalId);
            }
        }
    }

    /// <summary>What a load came to: the model, or the engine's reason why not.</summary>
    internal readonly record struct Outcome(LoadedModel? Model, string? Error);

    private sealed record Heartbeat(Telemetry? Telemetry, long Timestamp);

    /// <summary>One wait for one load.</summary>
    internal sealed class Watch(LoadOutcomes owner, string canonicalId, Action<double>? onProgress) : IDisposable
    {
        private readonly TaskCompletionSource<Outcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string CanonicalId { get; } = canonicalId;

        public Action<double>? Progress { get; } = onProgress;

        /// <summary>Completes with the first outcome, or fails when the session ends.</summary>
        public Task<Outcome> Task => _outcome.Task;

        public void Succeed(LoadedModel model) => _outcome.TrySetResult(new Outcome(model, null));

        public void Refuse(string error) => _outcome.TrySetResult(new Outcome(null, error));

        public void Fail(Exception error)
        {
            _outcome.TrySetException(error);
            _ = _outcome.Task.Exception; // the load may have been abandoned
        }

        public void Dispose() => owner.End(this);
    }
}
