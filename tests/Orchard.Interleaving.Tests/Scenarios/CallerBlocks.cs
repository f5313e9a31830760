namespace Orchard.Interleaving.Scenarios;

/// <summary>A caller that blocks its thread when it has got its model, until the other one has: it must hold up nobody but itself.</summary>
internal sealed class CallerBlocks : RegistryScenario
{
    public override async Task RunAsync(Schedule schedule)
    {
        ModelRegistry registry = CreateRegistry(schedule, new SimulatedActivator(schedule));
        bool isOtherReady = false;
        await Task.WhenAll(Task.Run(BlockAsync, "a caller that blocks"), Task.Run(OtherAsync, "another caller"));

        async Task BlockAsync()
        {
            await registry.EnsureLoadedAsync(Model);
            Schedule.BlockUntil(() => isOtherReady, "the other caller");
        }

        async Task OtherAsync()
        {
            await registry.EnsureLoadedAsync(Model);
            isOtherReady = true;
        }
    }
}
