namespace Orchard.Interleaving.Scenarios;

/// <summary>
/// A client is disposed while another of the same process connects: an engine that counts processes keeps the process, one that counts
/// connections keeps the connection, and neither keeps anything when both clients are gone.
/// </summary>
internal sealed class DisposeMeetsConnect : ClientScenario
{
    public override async Task RunAsync(Schedule schedule)
    {
        ClientOptions options = Options(schedule);
        var engines = new SimulatedEngines(schedule, options) { IsOrchard = schedule.Draw(2) == 0 };
        Client first = await ConnectAsync(engines, options);
        SimulatedEngine engine = engines.Current!;

        Task<Client> connecting = Task.Run(() => ConnectAsync(engines, options), "a connection");
        await Task.WhenAll(connecting, Task.Run(() => first.DisposeAsync().AsTask(), "a disposal"));

        Client second = await connecting;
        Verify(engines.IsOrchard || engine.IsRegistered, "A registration was lost.");
        Verify(engine.Channels.Count() == 1, "The engine does not count the one client that is connected.");
        await AskAsync(second, 1);
        await second.DisposeAsync();
        Verify(engines.IsOrchard || !engine.IsRegistered, "A process without a client is still registered.");
        Verify(!engine.Channels.Any(), "The engine counts a client that was disposed.");
    }
}
