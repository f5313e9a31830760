using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// The lifecycle of one model id: idle, loading, ready, failed. At most one load attempt is current. A failure is reported once and then
/// forgotten, so that the next load command tries again. Thread-safe.
/// </summary>
internal sealed class ModelHost : IAsyncDisposable
{
    // Interval between checks whether a model whose file has changed still has sequences.
    private static readonly TimeSpan RetireInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly HashSet<LoadAttempt> _unfinished = [];
    private readonly List<Task> _discarded = [];
    private readonly CancellationTokenSource _stopping = new();
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
        _runner = new LoadRunner(canonicalId, services.Loader, services.Time, services.Logger);
        _announcer = new LoadAnnouncer(canonicalId, services.Events, services.Time);
        _telemetry = new ModelTelemetry(canonicalId, requestedId, services.Time);
        _earlyCancels = services.EarlyCancels;
        _onStepCompleted = services.OnStepCompleted;
        _time = services.Time;
        _logger = services.Logger;
    }

    public string CanonicalId { get; }

    /// <summary>The loaded model, or null.</summary>
    public LoadedModelHandle? Model
    {
        get
        {
            lock (_gate)
            {
                return _model;
            }
        }
    }

    /// <summary>
    /// Begins a use of the loaded model, which must be disposed; null if no model is loaded, or if its file has changed since.
    /// </summary>
    public ModelUse? TryUse()
    {
        lock (_gate)
        {
            return FindCurrent() is { } model ? new ModelUse(model) : null;
        }
    }

    public bool IsLoading
    {
        get
        {
            lock (_gate)
            {
                return _model is null && _attempt is { Outcome.IsCompleted: false, IsAborted: false };
            }
        }
    }

    /// <summary>Whether the engine is shutting down.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Returns the loaded model, joins a running load, or starts one.</summary>
    /// <param name="path">Absolute path of the model file.</param>
    /// <param name="key">Identifies the command for cancellation; null if the client does not identify its commands.</param>
    /// <param name="answersAtEnd">Whether the command is answered after the load instead of immediately.</param>
    /// <param name="mapsFile">Whether a load that this command starts maps the file into memory.</param>
    public LoadTicket Load(string path, LoadKey? key, bool answersAtEnd, bool mapsFile = true)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return new LoadTicket { Refusal = "The engine is shutting down." };
            }

            _loadCommands++;
            if (key is { } named && _earlyCancels.Take(named))
            {
                return new LoadTicket { Refusal = LoadOutcome.CancelledError };
            }

            if (FindCurrent() is { } loaded)
            {
                return IsSameFile(path, _modelPath!) ? new LoadTicket { Loaded = loaded } : RefuseOtherPath(_modelPath!, path);
            }

            if (_attempt is { Outcome.IsCompleted: false, IsAborted: false } running)
            {
                return IsSameFile(path, running.Path) ? Join(running, key, answersAtEnd) : RefuseOtherPath(running.Path, path);
            }

            // Clients that still wait for the event of a failed attempt get the outcome of the new attempt instead.
            var attempt = new LoadAttempt(path, mapsFile, _attempt?.Unnamed ?? 0);
            LoadTicket ticket = Join(attempt, key, answersAtEnd);
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
                _model = null;
                _error = error;
                _discarded.Add(failed.DisposeAsync().AsTask());
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

            (_model, _modelPath) = (null, null);
            freed = unused.DisposeAsync().AsTask();
            _discarded.Add(freed);
        }

        await freed.ConfigureAwait(false);
        _logger.Unloaded(CanonicalId);
        lock (_gate)
        {
            _discarded.Remove(freed);
        }

        return true;
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
        LoadAttempt[] unfinished;
        lock (_gate)
        {
            _disposed = true;
            unfinished = [.. _unfinished];
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (LoadAttempt attempt in unfinished)
        {
            attempt.Abort();
        }

        await Task.WhenAll(unfinished.Select(attempt => attempt.Run)).ConfigureAwait(false);

        LoadedModelHandle? model;
        Task[] discarded;
        lock (_gate)
        {
            model = _model;
            _model = null;
            discarded = [.. _discarded];
        }

        await Task.WhenAll(discarded).ConfigureAwait(false);
        if (model is not null)
        {
            await model.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Called with the lock held. A model whose file has changed is freed after its last use, or at once if the change has damaged it.
    private LoadedModelHandle? FindCurrent()
    {
        if (_model is { File.HasChanged: true } stale)
        {
            Retire(stale);
        }

        return _model;
    }

    // Called with the lock held.
    private void Retire(LoadedModelHandle stale)
    {
        _logger.ModelFileChanged(CanonicalId, stale.File!.Difference);
        (_model, _modelPath) = (null, null);
        _discarded.Add(FreeAsync(stale));
    }

    private async Task FreeAsync(LoadedModelHandle stale)
    {
        if (stale.File!.IsDamaged)
        {
            stale.Scheduler.Abort(new DecodeException(stale.File.Difference));
        }

        while (stale.IsInUse && !IsStopping)
        {
            await Task.Delay(RetireInterval, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await stale.DisposeAsync().ConfigureAwait(false);
    }

    private LoadTicket Join(LoadAttempt attempt, LoadKey? key, bool answersAtEnd)
    {
        attempt.Join(key);
        attempt.NoteAnswer(_time.GetTimestamp(), answersAtEnd);
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
            }
        }

        if (superseded && outcome.Model is { } unwanted)
        {
            await unwanted.DisposeAsync().ConfigureAwait(false);
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
        TimeSpan delay;
        lock (_gate)
        {
            delay = _announcer.RemainingDelay(attempt);
        }

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

    // Names in several folders can be links to one file, as in the snapshots of a model cache.
    private static bool IsSameFile(string a, string b) => a == b || FinalPath(a) == FinalPath(b);

    private static string FinalPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private LoadTicket RefuseOtherPath(string current, string requested) => new()
    {
        Refusal = $"Model id '{CanonicalId}' is already used for '{current}'; load '{requested}' with another id.",
    };
}
