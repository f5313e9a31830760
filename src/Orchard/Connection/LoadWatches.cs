using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>
/// Waits for the outcome of model loads, which the engine publishes as events. A caller begins its watch before it sends the command,
/// because the event may arrive before the reply. Thread-safe.
/// </summary>
internal sealed class LoadWatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watch> _watches = new(StringComparer.Ordinal); // guarded by _gate
    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal); // guarded by _gate
    private Exception? _closed; // guarded by _gate

    /// <summary>Begins to wait for the outcome of a load. One watch per model at a time.</summary>
    /// <param name="canonicalId">The model.</param>
    /// <param name="onProgress">Called on the read loop with the fraction that is loaded, if the engine reports it.</param>
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
    /// Records that a load was abandoned before its outcome arrived. Its event names the model but not the load, so it could be mistaken
    /// for the outcome of the next load.
    /// </summary>
    public void LeaveUnsettled(string canonicalId)
    {
        lock (_gate)
        {
            _unsettled.Add(canonicalId);
        }
    }

    /// <summary>Returns whether a failure that just arrived may belong to a load abandoned before. True once.</summary>
    public bool TakeUnsettled(string canonicalId)
    {
        lock (_gate)
        {
            return _unsettled.Remove(canonicalId);
        }
    }

    /// <summary>Reports that the model was loaded.</summary>
    public void Succeed(string canonicalId, LoadedModel model) => Find(canonicalId)?.Succeed(model);

    /// <summary>Reports that the load failed.</summary>
    public void Refuse(string canonicalId, string error) => Find(canonicalId)?.Refuse(error);

    /// <summary>Reports the progress of the loads in a heartbeat.</summary>
    public void ReportProgress(Telemetry heartbeat)
    {
        foreach (TelemetryModel model in heartbeat.Models)
        {
            if (model.LoadState == TelemetryModel.LoadingState)
            {
                Find(model.CanonicalId)?.Report(model.Counters?.LoadProgress);
            }
        }
    }

    /// <summary>Fails every watch, current and future, with the error.</summary>
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

    /// <summary>The outcome of a load: the model, or the engine's error and the kind of it.</summary>
    internal readonly record struct Outcome(LoadedModel? Model, string? Error, string? ErrorCode = null);

    /// <summary>One wait for one load.</summary>
    internal sealed class Watch(LoadWatches owner, string canonicalId, Action<double>? onProgress) : IDisposable
    {
        private readonly TaskCompletionSource<Outcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reports;

        public string CanonicalId { get; } = canonicalId;

        /// <summary>Number of heartbeats that reported the load.</summary>
        public int Reports => Volatile.Read(ref _reports);

        /// <summary>Completes with the first outcome, or fails when the session ends.</summary>
        public Task<Outcome> Task => _outcome.Task;

        /// <summary>Records that a heartbeat reported the load.</summary>
        /// <param name="fraction">The fraction that is loaded; null if the engine does not report it.</param>
        public void Report(double? fraction)
        {
            Volatile.Write(ref _reports, _reports + 1); // only the read loop writes
            if (fraction is >= 0 and <= 1)
            {
                onProgress?.Invoke(fraction.Value);
            }
        }

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
