namespace Orchard.Interleaving.Scenarios;

/// <summary>The first load fails: whoever waited for it hears so, and the next call loads again.</summary>
internal sealed class LoadFails : RegistryScenario
{
    private const int Callers = 3;

    public override async Task RunAsync(Schedule schedule)
    {
        var activator = new SimulatedActivator(schedule) { LoadsToFail = 1 };
        ModelRegistry registry = CreateRegistry(schedule, activator);
        int failures = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync, "a caller")));
        Verify(failures > 0, "Nobody heard that the load had failed.");
        Verify(activator.Activations == 2, $"{activator.Activations} loads instead of the one that fails and the one that follows.");
        VerifyUnused(registry);

        async Task CallAsync()
        {
            try
            {
                await registry.EnsureLoadedAsync(Model);
            }
            catch (ModelLoadException)
            {
                failures++;
                await registry.EnsureLoadedAsync(Model);
            }
        }
    }
}
