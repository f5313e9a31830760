namespace Orchard.Interleaving.Scenarios;

/// <summary>
/// With an engine of the family, a load that its caller gave up ends with an event that names the model but not the attempt. However late
/// it comes, it must not end the next attempt.
/// </summary>
internal sealed class StaleEvent : ClientScenario
{
    public override async Task RunAsync(Schedule schedule)
    {
        schedule.TimersMayBeEarly = true;
        ClientOptions options = Options(schedule);
        var engines = new SimulatedEngines(schedule, options) { IsOrchard = false };
        Client client = await ConnectAsync(engines, options);
        var cancel = new CancellationTokenSource();
        Task given = Task.Run(GiveUpAsync, "a caller who gives up");
        schedule.Queue("a caller changes its mind", cancel.Cancel);
        await given;
        await client.Models.EnsureLoadedAsync(Model);
        await client.DisposeAsync();

        async Task GiveUpAsync()
        {
            try
            {
                await client.Models.EnsureLoadedAsync(Model, null, cancel.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
