namespace Orchard.Interleaving.Scenarios;

/// <summary>
/// A client is disposed, twice at once, while others chat, load and unload and its engine may die: every call ends, and no disposal
/// returns before all is over.
/// </summary>
internal sealed class DisposeMeetsEverything : ClientScenario
{
    public override async Task RunAsync(Schedule schedule)
    {
        ClientOptions options = Options(schedule);
        var engines = new SimulatedEngines(schedule, options);
        Client client = await ConnectAsync(engines, options);
        SimulatedEngine engine = engines.Current!;
        var calls = new List<Task>
        {
            Task.Run(() => EndAsync(() => AskAsync(client, 1)), "a chat"),
            Task.Run(() => EndAsync(() => client.Models.EnsureLoadedAsync(Model)), "a load"),
            Task.Run(() => EndAsync(() => client.Models.UnloadAsync(Model)), "an unload"),
        };
        if (schedule.Draw(3) == 0)
        {
            schedule.Queue("a death", engine.Die);
        }

        await Task.WhenAll(
            Task.Run(() => DisposeAsync(client, engines), "a disposal"),
            Task.Run(() => DisposeAsync(client, engines), "another disposal"));
        await Task.WhenAll(calls);
        Verify(engine.HasCancelledAll || engine.IsDead, "The engine was not told that nobody waits for it any more.");
    }

    private static async Task DisposeAsync(Client client, SimulatedEngines engines)
    {
        await client.DisposeAsync();
        Verify(engines.Current!.OpenSockets == 0, "A disposal returned while connections were open.");
    }

    private static async Task EndAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is ObjectDisposedException or EngineDiedException)
        {
        }
    }
}
