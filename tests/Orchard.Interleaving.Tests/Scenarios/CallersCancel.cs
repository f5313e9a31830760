namespace Orchard.Interleaving.Scenarios;

/// <summary>Several callers want a cold model, and some of them change their mind at some time.</summary>
internal sealed class CallersCancel : RegistryScenario
{
    private const int Callers = 4;

    public override async Task RunAsync(Schedule schedule)
    {
        var activator = new SimulatedActivator(schedule);
        ModelRegistry registry = CreateRegistry(schedule, activator);
        var calls = new List<Task<bool>>();
        var cancels = new List<Task>();
        for (int i = 0; i < Callers; i++)
        {
            var cancel = new CancellationTokenSource();
            bool cancelled = schedule.Draw(2) == 0;
            bool listens = schedule.Draw(3) == 0;
            calls.Add(Task.Run(() => CallAsync(registry, cancelled, listens, cancel.Token), "a caller"));
            if (cancelled)
            {
                cancels.Add(Task.Run(cancel.CancelAsync, "a caller changes its mind"));
            }
        }

        await Task.WhenAll(calls);
        await Task.WhenAll(cancels); // a caller may hear that it is cancelled before the one who cancels is done
        Verify(
            calls.Any(call => call.Result) || registry.GetStatus(Model).State != ModelState.Loading,
            "Everybody has left, but the load goes on.");
        Verify(cancels.Count > 0 || activator.Activations == 1, $"{activator.Activations} loads for callers of whom none left.");
        VerifyUnused(registry);
        await registry.EnsureLoadedAsync(Model);
        Verify(activator.IsLoaded, "The model is said to be loaded and is not.");
    }

    // Whether the caller got the model.
    private static async Task<bool> CallAsync(ModelRegistry registry, bool mayBeCancelled, bool listens, CancellationToken cancellationToken)
    {
        try
        {
            ModelInfo info = await registry.EnsureLoadedAsync(Model, listens ? new Listener() : null, cancellationToken);
            Verify(info.Path.Length > 0, "The model has no path.");
            return true;
        }
        catch (OperationCanceledException e)
        {
            Verify(mayBeCancelled, "A caller was cancelled because others were.");
            Verify(e.CancellationToken == cancellationToken, "A caller was cancelled with somebody else's token.");
            return false;
        }
    }

    private sealed class Listener : IProgress<ModelLoadProgress>
    {
        private ModelLoadProgress? _last;

        public void Report(ModelLoadProgress value)
        {
            bool goesBack = _last is { } last && value.Phase < last.Phase;
            Verify(!goesBack, $"The progress of a load went back from {_last?.Phase} to {value.Phase}.");
            _last = value;
        }
    }
}
