namespace Orchard.Interleaving.Scenarios;

/// <summary>The engine dies at some moment while callers chat and cancel: each call ends, as it may end, and the next one works.</summary>
internal sealed class EngineDies : ClientScenario
{
    private const int Callers = 2;

    public override async Task RunAsync(Schedule schedule)
    {
        bool replay = schedule.Draw(2) == 0;
        ClientOptions options = Options(schedule, replay);
        var engines = new SimulatedEngines(schedule, options);
        Client client = await ConnectAsync(engines, options);
        var calls = new List<Task>();
        for (int i = 0; i < Callers; i++)
        {
            int question = i;
            var cancel = new CancellationTokenSource();
            bool cancelled = schedule.Draw(4) == 0;
            calls.Add(Task.Run(() => CallAsync(client, question, cancelled, cancel.Token), "a caller"));
            if (cancelled)
            {
                schedule.Queue("a caller changes its mind", cancel.Cancel);
            }
        }

        SimulatedEngine first = engines.Current!;
        Task death = Task.Run(() => DieAsync(schedule, first), "a death");
        await Task.WhenAll(calls);
        await death;
        await AskAgainAsync(client, replay);
        Verify(engines.Started == 2, $"{engines.Started} engines instead of the one that died and the next.");
        await client.DisposeAsync();
    }

    // A death comes as late as the steps of its strand say.
    private static async Task DieAsync(Schedule schedule, SimulatedEngine engine)
    {
        for (int steps = schedule.Draw(12); steps > 0; steps--)
        {
            await schedule.LaterAsync("a death draws nearer");
        }

        engine.Die();
    }

    // Who calls while the death is on its way may still hear of it, unless the call is to be made again.
    private static async Task AskAgainAsync(Client client, bool replay)
    {
        try
        {
            await AskAsync(client, 7);
        }
        catch (EngineDiedException) when (!replay)
        {
            await AskAsync(client, 8);
        }
    }

    private static async Task CallAsync(Client client, int question, bool mayBeCancelled, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(client, question, cancellationToken);
        }
        catch (EngineDiedException)
        {
        }
        catch (OperationCanceledException)
        {
            Verify(mayBeCancelled, "A call was cancelled that nobody had cancelled.");
        }
    }
}
