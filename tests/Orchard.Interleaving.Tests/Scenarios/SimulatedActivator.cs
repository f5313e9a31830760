using Orchard.Models;

namespace Orchard.Interleaving.Scenarios;

/// <summary>Loads a model of its own invention, as slowly as the schedule likes, and sees to it that it is asked in the right order.</summary>
internal sealed class SimulatedActivator(Schedule schedule) : IModelActivator
{
    /// <summary>How many of the next loads fail.</summary>
    public int LoadsToFail { get; set; }

    /// <summary>How often somebody outside is to be in the way of an unload.</summary>
    public int UnloadsToRefuse { get; set; }

    public int Activations { get; private set; }

    public int Unloads { get; private set; }

    public bool IsLoaded { get; private set; }

    private bool _isBusy;

    public async Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken)
    {
        Enter();
        Activations++;
        try
        {
            await schedule.LaterAsync("a load goes on").WaitAsync(cancellationToken).ConfigureAwait(false);
            report(new ModelLoadProgress { Phase = ModelLoadPhase.Loading, Fraction = 0.5 });
            await schedule.LaterAsync("a load ends").WaitAsync(cancellationToken).ConfigureAwait(false);
            if (LoadsToFail > 0)
            {
                LoadsToFail--;
                throw new ModelLoadException(model.RequestedId, "The scenario lets it fail.");
            }

            IsLoaded = true;
            return new ReadyModel(new ModelInfo { Id = model.CanonicalId, Path = model.Path }, null!, null!);
        }
        catch (OperationCanceledException)
        {
            await schedule.LaterAsync("a load is taken back").ConfigureAwait(false);
            throw;
        }
        finally
        {
            _isBusy = false;
        }
    }

    public async Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken)
    {
        Enter();
        Unloads++;
        try
        {
            await schedule.LaterAsync("an unload goes on").ConfigureAwait(false);
            if (UnloadsToRefuse > 0)
            {
                UnloadsToRefuse--;
                return false;
            }

            IsLoaded = false;
            return true;
        }
        finally
        {
            _isBusy = false;
        }
    }

    public bool IsCurrent(ReadyModel model) => !model.IsDiscarded;

    private void Enter()
    {
        if (_isBusy)
        {
            schedule.Fail("A model is loaded or unloaded while it is being loaded or unloaded.");
        }

        _isBusy = true;
    }
}
