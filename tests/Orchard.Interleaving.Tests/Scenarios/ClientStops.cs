namespace Orchard.Interleaving.Scenarios;

/// <summary>
/// One of two clients stops reading at some moment, as in a debugger, is cut off or not, and goes on: its calls end right or with the reason
/// and it connects again, the other client's calls end right, and the engine keeps nothing of either when both are gone.
/// </summary>
internal sealed class ClientStops : ClientScenario
{
    private const int Callers = 2;

    public override async Task RunAsync(Schedule schedule)
    {
        ClientOptions options = Options(schedule, replay: schedule.Draw(2) == 0);
        var engines = new SimulatedEngines(schedule, options);
        Client stopped = await ConnectAsync(engines, options);
        SimulatedEngine engine = engines.Current!;
        SubSocket socket = engine.Subscribers[0];
        Client other = await ConnectAsync(engines, options);
        var calls = new List<Task> { Task.Run(() => StopAsync(schedule, engine, socket), "a stop") };
        for (int i = 0; i < Callers; i++)
        {
            int question = i;
            calls.Add(Task.Run(() => CallAsync(stopped, question), "a caller of the stopped client"));
            calls.Add(Task.Run(() => AskAsync(other, question), "a caller of the other client"));
        }

        await Task.WhenAll(calls);
        await CallAsync(stopped, 7); // may still hear of the end
        await AskAsync(stopped, 8);
        Verify(engine.Subscribers.Count == 2, $"{engine.Subscribers.Count} connections of two clients.");
        await stopped.DisposeAsync();
        Verify(engine.Subscribers.Count == 1, "A disposal has ended the connection of another client.");
        await AskAsync(other, 9);
        await other.DisposeAsync();
        Verify(engines.Started == 1, $"{engines.Started} engines, although none has died.");
        Verify(!engine.WorksForNobody, "The engine works for a connection that has ended.");
        Verify(engine.OpenSockets == 0, "Connections of clients that were disposed are open.");
    }

    private static async Task StopAsync(Schedule schedule, SimulatedEngine engine, SubSocket socket)
    {
        var resumed = new TaskCompletionSource();
        await PassAsync(schedule);
        socket.Resumed = resumed.Task;
        await PassAsync(schedule);
        if (schedule.Draw(4) > 0)
        {
            engine.CutOff(socket);
            await PassAsync(schedule);
        }

        resumed.SetResult();
    }

    private static async Task PassAsync(Schedule schedule)
    {
        for (int steps = schedule.Draw(8); steps > 0; steps--)
        {
            await schedule.LaterAsync("a stopped client stays so");
        }
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
