using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// The lifecycle of one model id: idle, loading, ready, failed. At most one load attempt is current. A failure is reported once and then
/// forgotten, so that the next load command tries again. Thread-safe.
/// </summary>
internal sealed class ModelHost : IMemoryUser, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<LoadAttempt> _unfinished = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ModelRetention _retention;
    private readonly RetiredModels _retired;
    private readonly LoadRunner _runner;
    private readonly LoadAnnouncer _announcer;
    private readonly ModelTelemetry _telemetry;
    private readonly EarlyCancels<LoadKey> _earlyCancels;
    private readonly Action _onStepCompleted;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private LoadAttempt? _attempt;
    private LoadedModelHandle? _model;
    private string? _modelPath;
    private string? _error;
    private long _loadCommands;
    private bool _disposed;

    public ModelHost(string canonicalId, string requestedId, HostServices services)
    {
        CanonicalId = canonicalId;
        _retention = new ModelRetention(services.KeepAlive, services.Time);
        _retired = new RetiredModels(services.Loader, services.Memory, services.Time, _stopping.Token);
        _runner = new LoadRunner(this, services.Loader, services.Memory, services.Time, services.Logger);
        _announcer = new LoadAnnouncer(canonicalId, services.Events, services.Time);
        _telemetry = new ModelTelemetry(canonicalId, requestedId, services.Time);
        _earlyCancels = services.EarlyCancels;
        _onStepCompleted = services.OnStepCompleted;
        _time = services.Time;
        _logger = services.Logger;
    }

    public string CanonicalId { get; }

    public LoadedModelHandle? Model => Locked(() => _model);

    public TimeSpan LastUse => Locked(() => _retention.LastUse);

    public bool IsPinned => Locked(() => _model is not null && _retention.IsPinned);

    /// <summary>Whether the model is loaded and a client wants it to stay even when it has disconnected.</summary>
    public bool IsKept => Locked(() => _model is not null && _retention.IsKept);

    public bool IsLoading => Locked(() => _model is null && _attempt is { Outcome.IsCompleted: false, IsAborted: false });

    /// <summary>Whether there is no model, no load and no memory to be freed.</summary>
    public bool IsIdle => Locked(() => _model is null && _attempt is null && _unfinished.Count == 0 && _retired.FreedAsync().IsCompleted);

    /// <summary>Whether the engine is shutting down.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>
    /// Begins a use of the loaded model, which must be disposed; null if no model is loaded, or if its file has changed since.
    /// </summary>
    /// <param name="channel">The client; 0 if it is not known.</param>
    /// <param name="keepAlive">How long the model stays after this use; null for what the client said before, or the default.</param>
    public ModelUse? TryUse(ulong channel = 0, TimeSpan? keepAlive = null)
    {
        lock (_gate)
        {
            if (FindCurrent() is not { } model)
            {
                return null;
            }

            model.BeginUse();
            _retention.Begin(channel);
            return new ModelUse(model, () => EndUse(model, channel, keepAlive));
        }
    }

    /// <summary>Returns the loaded model, joins a running load, or starts one.</summary>
    public LoadTicket Load(LoadCommand command)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return new LoadTicket { Refusal = "The engine is shutting down." };
            }

            _loadCommands++;
            if (command.Key is { } named && _earlyCancels.Take(named))
            {
                return new LoadTicket { Refusal = LoadOutcome.CancelledError };
            }

            ModelSettings settings = command.Options.Settings;
            if (FindCurrent() is { } loaded)
            {
                if (!ModelFileLocator.IsSameFile(command.Path, _modelPath!))
                {
                    return RefuseOtherPath(_modelPath!, command.Path);
                }

                if (loaded.Settings.ConflictWith(settings) is not { } conflict)
                {
                    _retention.Loaded(command);
                    return new LoadTicket { Loaded = loaded };
                }

                if (loaded.IsInUse || _retention.IsClaimedByOthers(command.Channel))
                {
                    return RefuseConflict(loaded.IsInUse, conflict);
                }

                _logger.Reloading(CanonicalId, conflict);
                settings = _retention.HasOthers(command.Channel) ? loaded.Settings.Requested.Or(settings) : settings;
                Retire(loaded);
            }

            if (_attempt is { Outcome.IsCompleted: false, IsAborted: false } running)
            {
                return ModelFileLocator.IsSameFile(command.Path, running.Path)
                    ? Join(running, command)
                    : RefuseOtherPath(running.Path, command.Path);
            }

            // Clients that still wait for the event of a failed attempt get the outcome of the new attempt instead.
            var attempt = new LoadAttempt(command.Path, settings, _attempt?.Unnamed ?? 0);
            LoadTicket ticket = Join(attempt, command);
            _attempt = attempt;
            _error = null;
            _unfinished.Add(attempt);
            attempt.Run = Task.Run(() => RunAsync(attempt));
            return ticket;
        }
    }

    /// <summary>
    /// Cancels one load command. The load is aborted when all of its commands are cancelled, so that a client cannot cancel the load of
    /// another one. If a command with this key has not arrived yet, it is cancelled on arrival.
    /// </summary>
    public void CancelLoad(LoadKey? key)
    {
        LoadAttempt? abandoned = null;
        lock (_gate)
        {
            if (_attempt is { Outcome.IsCompleted: false } attempt && attempt.Leave(key))
            {
                abandoned = attempt.IsUnwanted ? attempt : null;
            }
            else if (key is { } named)
            {
                _earlyCancels.Remember(named);
            }
        }

        abandoned?.Abort();
    }

    /// <summary>Discards a model whose scheduler has failed, so that the next load command loads it again.</summary>
    public void Discard(LoadedModelHandle failed, string error)
    {
        lock (_gate)
        {
            if (_model == failed)
            {
                Retire(failed);
                _error = error;
            }
        }
    }

    /// <summary>
    /// Frees the model if it is unused. Returns false if it is loading or has uses. A request that arrives at the same moment fails
    /// because the model is not loaded; clients then load it again.
    /// </summary>
    public async Task<bool> TryUnloadAsync()
    {
        Task freed;
        lock (_gate)
        {
            if (_attempt is { Outcome.IsCompleted: false } || _model is { IsInUse: true })
            {
                return false;
            }

            if (_model is not { } unused)
            {
                return true;
            }

            _retention.Clear();
            freed = Retire(unused);
        }

        await freed.ConfigureAwait(false);
        _logger.Unloaded(CanonicalId);
        return true;
    }

    public Task? TryEvict(bool evenIfBusy = false)
    {
        lock (_gate)
        {
            return _model is { } model && (evenIfBusy || !model.IsInUse) && !_retention.IsPinned && !_retention.IsClaimed
                ? Retire(model)
                : null;
        }
    }

    /// <summary>Frees the model if nobody uses it and the time is over for which it was to stay.</summary>
    public void UnloadIfUnwanted()
    {
        lock (_gate)
        {
            if (_model is { IsInUse: false } model && !_retention.IsPinned && !_retention.IsKept)
            {
                _logger.KeepAliveOver(CanonicalId);
                _ = Retire(model);
            }
        }
    }

    /// <summary>Records that a client has disconnected.</summary>
    public void Disconnected(ulong channel)
    {
        lock (_gate)
        {
            _retention.Disconnected(channel);
        }
    }

    /// <summary>Returns the model's telemetry; null if the model is idle.</summary>
    public TelemetryModel? Describe()
    {
        lock (_gate)
        {
            return _model is { } model ? _telemetry.DescribeReady(model, _loadCommands)
                : _attempt is { Outcome.IsCompleted: false } attempt ? _telemetry.DescribeLoading(attempt, _loadCommands)
                : _error is not null ? _telemetry.DescribeFailed(_loadCommands)
                : null;
        }
    }

    /// <summary>Aborts loads, cancels all sequences and frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        LoadAttempt[] unfinished = Locked(() =>
        {
            _disposed = true;
            return _unfinished.ToArray();
        });

        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (LoadAttempt attempt in unfinished)
        {
            attempt.Abort();
        }

        await Task.WhenAll(unfinished.Select(attempt => attempt.Run)).ConfigureAwait(false);
        lock (_gate)
        {
            if (_model is { } model)
            {
                Retire(model);
            }
        }

        await _retired.FreedAsync().ConfigureAwait(false);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private void EndUse(LoadedModelHandle model, ulong channel, TimeSpan? keepAlive)
    {
        lock (_gate)
        {
            model.EndUse();
            _retention.End(channel, keepAlive);
        }

        UnloadIfUnwanted();
    }

    // Called with the lock held. A model whose file has changed is freed after its last use, or at once if the change has damaged it.
    private LoadedModelHandle? FindCurrent()
    {
        if (_model is { ChangedFile: { } file } stale)
        {
            _logger.ModelFileChanged(CanonicalId, file.Difference);
            Retire(stale);
        }

        return _model;
    }

    // Called with the lock held.
    private Task Retire(LoadedModelHandle model)
    {
        (_model, _modelPath) = (null, null);
        return _retired.Add(model);
    }

    private LoadTicket Join(LoadAttempt attempt, LoadCommand command)
    {
        attempt.Join(command.Key);
        attempt.NoteAnswer(_time.GetTimestamp(), command.AnswersAtEnd);
        _retention.Loaded(command);
        return new LoadTicket { Outcome = attempt.Outcome };
    }

    private async Task RunAsync(LoadAttempt attempt)
    {
        LoadOutcome outcome = await _runner.RunAsync(attempt).ConfigureAwait(false);
        if (outcome.Model is { } model)
        {
            model.Scheduler.StepCompleted = _onStepCompleted;
        }

        bool superseded;
        lock (_gate)
        {
            superseded = _attempt != attempt || _disposed;
            if (!superseded)
            {
                (_model, _modelPath, _error) = (outcome.Model, attempt.Path, attempt.IsAborted ? null : outcome.Error);
                _retention.Ready();
            }
        }

        if (superseded && outcome.Model is { } unwanted)
        {
            await _retired.Add(unwanted).ConfigureAwait(false);
            outcome = LoadOutcome.Cancelled;
        }

        attempt.Complete(outcome);
        await AnnounceAsync(attempt, outcome).ConfigureAwait(false);
        lock (_gate)
        {
            _unfinished.Remove(attempt);
        }
    }

    private async Task AnnounceAsync(LoadAttempt attempt, LoadOutcome outcome)
    {
        TimeSpan delay = Locked(() => _announcer.RemainingDelay(attempt));
        try
        {
            await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_gate)
        {
            if (_attempt != attempt || _disposed)
            {
                return;
            }

            _attempt = null;
        }

        _announcer.Announce(outcome);
    }

    private LoadTicket RefuseOtherPath(string current, string requested) => new()
    {
        Refusal = $"Model id '{CanonicalId}' is already used for '{current}'; load '{requested}' with another id.",
    };

    private static LoadTicket RefuseConflict(bool isInUse, string conflict) => new()
    {
        Refusal = $"It {(isInUse ? "is in use" : "has just been loaded by another client")}: {conflict}. "
            + "Use the same settings, or try again when it is idle.",
        RefusalCode = ErrorCode.ModelOptionsConflict,
    };
}
