using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orchard.Connection;
using Orchard.Diagnostics;

namespace Orchard.Models;

/// <summary>One model: the flight that loads it, who uses it, and who wants to hear how far its load is. Thread-safe.</summary>
internal sealed class ModelEntry
{
    // How often an engine is asked again that has another program's sequences on the model.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly ResolvedModel _model;
    private readonly IModelActivator _activator;
    private readonly TimeProvider _time;
    private readonly SingleFlight<ReadyModel> _flight;
    private readonly UseCount _uses = new();
    private readonly ConcurrentDictionary<IProgress<ModelLoadProgress>, byte> _listeners = new();
    private volatile StrongBox<ModelLoadProgress>? _lastProgress;

    public ModelEntry(ResolvedModel model, IModelActivator activator, TimeProvider time)
    {
        _model = model;
        _activator = activator;
        _time = time;
        _flight = new SingleFlight<ReadyModel>(ActivateAsync, activator.IsCurrent);
    }

    /// <summary>Counts one more user, who keeps the model from being unloaded until <see cref="Leave"/>.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        while (!_uses.TryEnter(out Task? reopened))
        {
            await reopened.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One user less.</summary>
    public void Leave() => _uses.Leave();

    /// <summary>The model, loaded. To be called by a user.</summary>
    public Task<ReadyModel> LoadAsync(IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken) =>
        progress is null ? _flight.GetAsync(cancellationToken) : LoadAndTellAsync(progress, cancellationToken);

    /// <summary>Has the engine let go of the model; false when this client has not loaded it.</summary>
    public async Task<bool> UnloadAsync(UnloadMode mode, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_uses.TryClose())
            {
                if (mode == UnloadMode.RefuseIfInUse)
                {
                    throw InUse($"{_uses.Users} calls of this program use it");
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
                throw InUse("another program uses it");
            }

            await Task.Delay(RetryInterval, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How the model stands.</summary>
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

    private async Task<ReadyModel> LoadAndTellAsync(IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken)
    {
        _listeners.TryAdd(progress, 0);
        try
        {
            Task<ReadyModel> load = _flight.GetAsync(cancellationToken);
            if (_lastProgress is { } last && !load.IsCompleted)
            {
                Tell(progress, last.Value); // who comes late hears at once how far it is
            }

            return await load.ConfigureAwait(false);
        }
        finally
        {
            _listeners.TryRemove(progress, out _);
        }
    }

    private async Task<ReadyModel> ActivateAsync(CancellationToken cancellationToken)
    {
        _lastProgress = null;
        try
        {
            return await LoadTelemetry.ObserveAsync(
                _model.RequestedId,
                (Entry: this, Cancellation: cancellationToken),
                static load => load.Entry._activator.ActivateAsync(load.Entry._model, load.Entry.Report, load.Cancellation)).ConfigureAwait(false);
        }
        finally
        {
            _lastProgress = null;
        }
    }

    // Reports of one load come one after another, but for the engine's, which may come late.
    private void Report(ModelLoadProgress progress)
    {
        if (_lastProgress is { } last && (progress.Phase < last.Value.Phase || (progress.Phase == last.Value.Phase && progress.Fraction < last.Value.Fraction)))
        {
            return;
        }

        _lastProgress = new StrongBox<ModelLoadProgress>(progress);
        foreach (IProgress<ModelLoadProgress> listener in _listeners.Keys)
        {
            Tell(listener, progress);
        }
    }

    private static void Tell(IProgress<ModelLoadProgress> listener, ModelLoadProgress progress)
    {
        try
        {
            listener.Report(progress);
        }
        catch (Exception)
        {
            // One caller's listener must not end the load that others wait for.
        }
    }

    private ModelInUseException InUse(string who) =>
        new(_model.RequestedId, $"The model '{_model.RequestedId}' was not unloaded: {who}. {nameof(UnloadMode)}.{nameof(UnloadMode.WaitForUsers)} waits for the last of them.");
}
