namespace Orchard.Interleaving.Scenarios;

/// <summary>
/// An engine closes a client's connection at some moment and lives on: each call ends right or with the reason, the next one works on the
/// same engine, and the engine does not work for the connection that has ended.
/// </summary>
internal sealed class ConnectionEnds : ClientScenario
{
    private const int Callers = 2;

    public override async Task RunAsync(Schedule schedule)
    {
        ClientOptions options = Options(schedule, replay: schedule.Draw(2) == 0);
        var engines = new SimulatedEngines(schedule, options);
        Client client = await ConnectAsync(engines, options);
        SimulatedEngine engine = engines.Current!;
        var calls = new List<Task>();
        for (int i = 0; i < Callers; i++)
        {
            int question = i;
            calls.Add(Task.Run(() => CallAsync(client, question), "a caller"));
        }

        calls.Add(Task.Run(() => CutOffAsync(schedule, engine), "an end"));
        await Task.WhenAll(calls);
        await CallAsync(client, 7); // may still hear of the end
        await AskAsync(client, 8);
        await client.DisposeAsync();
        Verify(engines.Started == 1, $"{engines.Started} engines, although none has died.");
        Verify(!engine.WorksForNobody, "The engine works for a connection that has ended.");
        Verify(!engine.Channels.Any(), "The engine counts a client that was disposed.");
    }

    // An end comes as late as the steps of its strand say.
    private static async Task CutOffAsync(Schedule schedule, SimulatedEngine engine)
    {
        for (int steps = schedule.Draw(12); steps > 0; steps--)
        {
            await schedule.LaterAsync("an end draws nearer");
        }

        engine.CutOff();
    }

    private static async Task CallAsync(Client client, int question)
    {
        try
        {
            await AskAsync(client, question);
        }
        catch (OutputLimitExceededException)
        {
        }
    }
}
