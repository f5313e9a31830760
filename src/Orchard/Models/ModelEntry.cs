using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orchard.Concurrency;
using Orchard.Connection;
using Orchard.Diagnostics;

namespace Orchard.Models;

/// <summary>The state of one model: its shared load, its users, and the listeners to its progress. Thread-safe.</summary>
internal sealed class ModelEntry
{
    // Interval between attempts to unload a model that another program uses.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly ResolvedModel _model;
    private readonly IModelActivator _activator;
    private readonly TimeProvider _time;
    private readonly SingleFlight<ReadyModel> _flight;
    private readonly UseCount _uses = new();
    private readonly ConcurrentDictionary<ProgressReports, byte> _listeners = new();
    private volatile ModelOptions _options;
    private volatile StrongBox<ModelLoadProgress>? _lastProgress;

    public ModelEntry(ResolvedModel model, IModelActivator activator, TimeProvider time)
    {
        _model = model;
        _options = model.Options;
        _activator = activator;
        _time = time;
        _flight = new SingleFlight<ReadyModel>(ActivateAsync, activator.IsCurrent);
    }

    /// <summary>The model, as it was resolved first.</summary>
    public ResolvedModel Model => _model;

    /// <summary>Returns whether the model is loaded, and this is one of its names.</summary>
    public bool IsLoadedAs(string name) =>
        (_model.RequestedId == name || ModelResolver.IdComparer.Equals(_model.CanonicalId, name)) && _flight.TryGetCurrent(out _);

    /// <summary>Adds a user, like <see cref="EnterAsync"/>, unless that would have to wait.</summary>
    public bool TryEnter() => _uses.TryEnter(out _);

    /// <summary>Adds a user, who keeps the model from being unloaded until <see cref="Leave"/>.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        while (!_uses.TryEnter(out Task? reopened))
        {
            await reopened.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes a user.</summary>
    public void Leave() => _uses.Leave();

    /// <summary>Returns the loaded model, loading it if necessary. The caller must be a user.</summary>
    public Task<ReadyModel> LoadAsync(ProgressReports? reports, CancellationToken cancellationToken) =>
        reports is null ? _flight.GetAsync(cancellationToken) : LoadAndReportAsync(reports, cancellationToken);

    /// <summary>
    /// Returns the model, loaded with these options or so that it serves them; later loads have the same options. The caller must be a
    /// user.
    /// </summary>
    public async Task<ReadyModel> LoadAsync(ModelOptions options, ProgressReports? reports, CancellationToken cancellationToken)
    {
        ModelOptions before = _options;
        try
        {
            while (true)
            {
                _options = options;
                if (_flight.TryGetCurrent(out ReadyModel? current) && !current!.Options.Equals(options))
                {
                    current.Discard();
                }

                ReadyModel ready = await LoadAsync(reports, cancellationToken).ConfigureAwait(false);
                if (ready.Options.Equals(options))
                {
                    return ready;
                }
            }
        }
        catch (Exception e) when (e is ModelOptionsConflictException or ModelMemoryException or ModelLoadException or DraftModelException)
        {
            _options = before; // which the model may still be loaded with
            throw;
        }
    }

    /// <summary>Unloads the model from the engine; false when this client has not loaded it.</summary>
    public async Task<bool> UnloadAsync(UnloadMode mode, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_uses.TryClose())
            {
                if (mode == UnloadMode.RefuseIfInUse)
                {
                    int users = _uses.Users;
                    throw InUse(users == 1 ? "a call of this application uses it" : $"{users} calls of this application use it");
                }

                await _uses.VacatedAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                if (!_flight.TryGetCurrent(out ReadyModel? ready))
                {
                    return false;
                }

                if (await _activator.TryUnloadAsync(_model, ready!, cancellationToken).ConfigureAwait(false))
                {
                    ready!.Discard();
                    return true;
                }
            }
            finally
            {
                _uses.Reopen();
            }

            if (mode == UnloadMode.RefuseIfInUse)
            {
                throw InUse("another application uses it");
            }

            await Task.Delay(RetryInterval, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns the status of the model.</summary>
    public ModelStatus Describe()
    {
        bool unloading = _uses.IsClosed;
        Task<ReadyModel>? outcome = _flight.LastOutcome;
        ReadyModel? ready = outcome is { IsCompletedSuccessfully: true } && _flight.TryGetCurrent(out ReadyModel? current) ? current : null;
        Exception? error = outcome is { IsFaulted: true } ? outcome.Exception.InnerException : null;
        return new ModelStatus
        {
            Id = _model.CanonicalId,
            Path = _model.Path,
            State = unloading ? ModelState.Unloading
                : outcome is { IsCompleted: false } ? ModelState.Loading
                : ready is not null ? ModelState.Ready
                : error is not null ? ModelState.Failed
                : ModelState.Idle,
            Info = ready?.Info,
            Error = error,
            Users = _uses.Users,
        };
    }

    private async Task<ReadyModel> LoadAndReportAsync(ProgressReports reports, CancellationToken cancellationToken)
    {
        _listeners.TryAdd(reports, 0);
        try
        {
            Task<ReadyModel> load = _flight.GetAsync(cancellationToken);
            if (_lastProgress is { } last && !load.IsCompleted)
            {
                reports.Add(last.Value); // a caller that joins late gets the current progress at once
            }

            return await load.ConfigureAwait(false);
        }
        finally
        {
            _listeners.TryRemove(reports, out _);
        }
    }

    private async Task<ReadyModel> ActivateAsync(CancellationToken cancellationToken)
    {
        _lastProgress = null;
        try
        {
            return await LoadTelemetry.ObserveAsync(
                (_model.RequestedId, _model.CanonicalId),
                (Entry: this, Cancellation: cancellationToken),
                static load => load.Entry._activator.ActivateAsync(
                    load.Entry._model with { Options = load.Entry._options }, load.Entry.Report, load.Cancellation))
                .ConfigureAwait(false);
        }
        finally
        {
            _lastProgress = null;
        }
    }

    // The reports of one load are in order, except that those of the engine may arrive late.
    private void Report(ModelLoadProgress progress)
    {
        if (_lastProgress is { } last
            && (progress.Phase < last.Value.Phase
                || (progress.Phase == last.Value.Phase && progress.Fraction < last.Value.Fraction)))
        {
            return;
        }

        _lastProgress = new StrongBox<ModelLoadProgress>(progress);
        foreach (ProgressReports listener in _listeners.Keys)
        {
            listener.Add(progress);
        }
    }

    private ModelInUseException InUse(string who) =>
        new(
            _model.RequestedId,
            $"The model '{_model.RequestedId}' was not unloaded: {who}. "
            + $"Use {nameof(UnloadMode)}.{nameof(UnloadMode.WaitForUsers)} to wait until it is no longer in use.");
}
