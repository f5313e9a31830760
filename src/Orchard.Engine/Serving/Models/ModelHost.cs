using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// One model id through its life: idle, loading, ready, failed. At most one load attempt counts at a time; a failure is told and
/// forgotten, so the next command tries again. Thread-safe.
/// </summary>
internal sealed class ModelHost(
    string canonicalId, string requestedId, IModelLoader loader, IEventSink events, Action onStepCompleted, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>How far an event stays behind the last answer it belongs to: a sibling that hears the event first fails the load for good.</summary>
    public static readonly TimeSpan EventDelay = TimeSpan.FromMilliseconds(100);

    private const string Cancelled = "The load was cancelled.";

    private readonly Lock _gate = new();
    private readonly HashSet<LoadAttempt> _unfinished = [];
    private readonly List<Task> _discarded = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ThroughputMeter _throughput = new(time);
    private readonly EarlyCancels<LoadKey> _earlyCancels = new(time);
    private LoadAttempt? _attempt;
    private LoadedModelHandle? _model;
    private string? _modelPath;
    private string? _error;
    private long _loadCommands;
    private bool _disposed;

    public string CanonicalId { get; } = canonicalId;

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

    /// <summary>Whether this host is going for good, rather than its model.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Answers that the model is there, joins the load under way, or starts one.</summary>
    /// <param name="path">The model file, absolute.</param>
    /// <param name="key">The command's name, by which it can be taken back; null when its client gave none.</param>
    /// <param name="answersAtEnd">Whether the command is answered when the load is over, rather than at once.</param>
    public LoadTicket Load(string path, LoadKey? key, bool answersAtEnd)
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
                return new LoadTicket { Refusal = Cancelled };
            }


            if (_model is not null)
            {
                return path == _modelPath ? new LoadTicket { Loaded = _model } : RefuseOtherPath(_modelPath!, path);
            }

            if (_attempt is { Outcome.IsCompleted: false, IsAborted: false } running)
            {
                if (path != running.Path)
                {
                    return RefuseOtherPath(running.Path, path);
                }

                running.Join(key);
                running.NoteAnswer(time.GetTimestamp(), answersAtEnd);
                return new LoadTicket { Outcome = running.Outcome };
            }

            // Whoever still waits for the event of an attempt that failed gets the outcome of this one instead.
            var attempt = new LoadAttempt(path, _attempt?.Unnamed ?? 0);
            attempt.Join(key);
            attempt.NoteAnswer(time.GetTimestamp(), answersAtEnd);
            _attempt = attempt;
            _error = null;
            _unfinished.Add(attempt);
            attempt.Run = Task.Run(() => RunAsync(attempt));
            return new LoadTicket { Outcome = attempt.Outcome };
        }
    }

    /// <summary>
    /// Takes one load command back. The load is aborted when all that wanted it are: a client that gives up does not take the model
    /// away from the others. A named cancel that finds no such command is kept for it: commands run side by side.
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

    /// <summary>Lets go of a model whose scheduler has failed, so that the next load command loads it again.</summary>
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
    /// Frees the model if nobody uses it; false when it is loading or has sequences. A request that comes at that moment is told that
    /// the model is not loaded, upon which clients load it again.
    /// </summary>
    public async Task<bool> TryUnloadAsync()
    {
        Task freed;
        lock (_gate)
        {
            if (_attempt is { Outcome.IsCompleted: false } || _model is { Scheduler.Statistics: not { Running: 0, Waiting: 0 } })
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
        logger.Unloaded(CanonicalId);
        lock (_gate)
        {
            _discarded.Remove(freed);
        }

        return true;
    }

    /// <summary>The heartbeat's line about this model; null while it is idle.</summary>
    public TelemetryModel? Describe()
    {
        lock (_gate)
        {
            if (_model is { } model)
            {
                var statistics = model.Scheduler.Statistics;
                var (tokensPerSecond, stepMilliseconds) = _throughput.Update(statistics);
                return new TelemetryModel
                {
                    RequestedId = requestedId,
                    CanonicalId = CanonicalId,
                    LoadState = TelemetryModel.ReadyState,
                    RuntimeActive = true,
                    WaitingSequences = statistics.Waiting,
                    RunningSequences = statistics.Running,
                    TokensPerSecond = tokensPerSecond,
                    AvgStepLatencyMs = stepMilliseconds,
                    Counters = new TelemetryCounters
                    {
                        LoadCommands = _loadCommands,
                        DecodeSteps = statistics.DecodeSteps,
                        GeneratedTokens = statistics.GeneratedTokens,
                        PromptTokens = statistics.PromptTokens,
                        CachedTokens = statistics.CachedTokens,
                        KvTokens = statistics.KvTokens,
                        KvCapacity = model.Scheduler.KvCapacity,
                    },
                };
            }

            LoadAttempt? loading = _attempt is { Outcome.IsCompleted: false } attempt ? attempt : null;
            string? state = loading is not null ? "Loading" : _error is not null ? "Failed" : null;
            return state is null ? null : new TelemetryModel
            {
                RequestedId = requestedId,
                CanonicalId = CanonicalId,
                LoadState = state,
                Counters = new TelemetryCounters { LoadCommands = _loadCommands, LoadProgress = loading?.Progress },
            };
        }
    }

    /// <summary>Aborts loads, ends every sequence as cancelled and frees the model.</summary>
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

    private async Task RunAsync(LoadAttempt attempt)
    {
        LoadOutcome outcome = await LoadAsync(attempt).ConfigureAwait(false);
        if (outcome.Model is { } model)
        {
            model.Scheduler.StepCompleted = onStepCompleted;
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
            outcome = new LoadOutcome(null, Cancelled);
        }

        attempt.Complete(outcome);
        await TellAsync(attempt, outcome).ConfigureAwait(false);
        lock (_gate)
        {
            _unfinished.Remove(attempt);
        }
    }

    private async Task<LoadOutcome> LoadAsync(LoadAttempt attempt)
    {
        long start = time.GetTimestamp();
        logger.LoadStarted(CanonicalId, attempt.Path);
        try
        {
            LoadedModelHandle model = await loader.LoadAsync(attempt.Path, attempt, attempt.AbortToken).ConfigureAwait(false);
            logger.Loaded(CanonicalId, time.GetElapsedTime(start).TotalSeconds);
            return new LoadOutcome(model, null);
        }
        catch (OperationCanceledException) when (attempt.IsAborted)
        {
            logger.LoadCancelled(CanonicalId);
            return new LoadOutcome(null, Cancelled);
        }
        catch (Exception e)
        {
            // The loader meets whatever a file and a native library can come up with; all of it is the loading client's to know.
            logger.LoadFailed(CanonicalId, e);
            return new LoadOutcome(null, e.Message);
        }
    }

    private async Task TellAsync(LoadAttempt attempt, LoadOutcome outcome)
    {
        try
        {
            await Task.Delay(RemainingDelay(attempt), time, _stopping.Token).ConfigureAwait(false);
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

        events.Publish(outcome.Model is { } model
            ? new ModelLoadedEvent(CanonicalId, model.Description)
            : new ModelLoadFailedEvent(CanonicalId, outcome.Error!));
    }

    // Nobody joins an attempt that has its outcome, so the last answer stands: an earlier one, or those given right now.
    private TimeSpan RemainingDelay(LoadAttempt attempt)
    {
        lock (_gate)
        {
            TimeSpan since = attempt.AnswersAtEnd ? TimeSpan.Zero : time.GetElapsedTime(attempt.LastAnswer);
            return since < EventDelay ? EventDelay - since : TimeSpan.Zero;
        }
    }

    private LoadTicket RefuseOtherPath(string current, string asked) => new()
    {
        Refusal = $"Model id '{CanonicalId}' already stands for '{current}'; load '{asked}' under another id.",
    };
}
