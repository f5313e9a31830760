using Orchard.Models;

namespace Orchard.Interleaving.Scenarios;

/// <summary>Some use a model while others have it unloaded: it is never taken away from under a user, and nobody waits for ever.</summary>
internal sealed class UnloadMeetsUse : RegistryScenario
{
    public override async Task RunAsync(Schedule schedule)
    {
        var activator = new SimulatedActivator(schedule) { UnloadsToRefuse = schedule.Draw(2) };
        ModelRegistry registry = CreateRegistry(schedule, activator);
        await Task.WhenAll(
            Task.Run(UseAsync, "a user"),
            Task.Run(UseAsync, "a user"),
            Task.Run(() => registry.UnloadAsync(Model), "an unload that waits"),
            Task.Run(UnloadIfUnusedAsync, "an unload that does not wait"));
        VerifyUnused(registry);
        Verify(
            registry.GetStatus(Model).State == (activator.IsLoaded ? ModelState.Ready : ModelState.Idle),
            $"The model's state is {registry.GetStatus(Model).State}; whether it is loaded: {activator.IsLoaded}.");

        async Task UseAsync()
        {
            for (int i = 0; i < 2; i++)
            {
                using ModelLease lease = await registry.AcquireAsync(Model, CancellationToken.None);
                Verify(activator.IsLoaded, "The model was handed out and is not loaded.");
                await schedule.LaterAsync("use");
                Verify(activator.IsLoaded, "The model was unloaded while somebody used it.");
            }
        }

        async Task UnloadIfUnusedAsync()
        {
            try
            {
                await registry.UnloadAsync(Model, UnloadMode.RefuseIfInUse);
            }
            catch (ModelInUseException)
            {
            }
        }
    }
}
