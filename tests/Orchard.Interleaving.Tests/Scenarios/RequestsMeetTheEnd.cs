using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Connection.Transport;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Interleaving.Scenarios;

/// <summary>
/// Requests are sent, answered, cancelled and left while the connection may end: every reader comes to an end, nothing is left in the
/// table, and the engine hears of each request that was left early.
/// </summary>
internal sealed class RequestsMeetTheEnd : Scenario
{
    private const int Requests = 3;

    public override async Task RunAsync(Schedule schedule)
    {
        var engines = new SimulatedEngines(schedule, new ClientOptions { TimeProvider = schedule.Time });
        var engine = new SimulatedEngine(schedule, engines, 1) { IsLoaded = true };
        IpcTransport transport = await IpcTransport.OpenAsync(
            new EngineStream(engine), new EngineStream(engine), new EngineStream(engine), _ => { }, schedule.Time, NullLogger.Instance, CancellationToken.None);
        bool dies = schedule.Draw(3) == 0;
        Task closing = CloseAsync(transport);
        var requests = new List<Task>();
        for (int i = 0; i < Requests; i++)
        {
            ulong id = transport.NextRequestId();
            var cancel = new CancellationTokenSource();
            bool cancelled = schedule.Draw(2) == 0;
            requests.Add(Task.Run(() => RequestAsync(transport, id, cancelled, dies, cancel.Token), "a request"));
            if (cancelled)
            {
                schedule.Queue("a caller changes its mind", cancel.Cancel);
            }
        }

        if (dies)
        {
            schedule.Queue("a death", engine.Die);
        }

        await Task.WhenAll(requests);
        Verify(transport.Pending().Length == 0, "A request that is over is still in the table.");
        await transport.DisposeAsync();
        await closing;
        Verify(dies || engine.HasCancelledAll, "The engine was not told of a request that was left.");
    }

    // As a session does.
    private static async Task CloseAsync(IpcTransport transport)
    {
        ConnectionEnd end = await transport.Ended;
        transport.Close(new EngineDiedException($"The engine is gone: {end}", null, null));
    }

    private static async Task RequestAsync(IpcTransport transport, ulong id, bool mayBeCancelled, bool mayDie, CancellationToken cancellationToken)
    {
        try
        {
            PendingRequest request = await transport.SendAsync(FrameOf(transport, id), cancellationToken);
            try
            {
                await ReadAsync(request, cancellationToken);
            }
            finally
            {
                transport.Release(request);
            }
        }
        catch (OperationCanceledException)
        {
            Verify(mayBeCancelled, "A request was cancelled that nobody had cancelled.");
        }
        catch (Exception e) when (e is EngineDiedException or ConnectionClosedException)
        {
            Verify(mayDie, "A request heard of a death that was none.");
        }
    }

    private static async Task ReadAsync(PendingRequest request, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        bool isFinal = false;
        while (await request.WaitToReadAsync(cancellationToken))
        {
            while (request.TryRead(out ResponseDelta? delta))
            {
                text.Append(delta.Content);
                isFinal |= delta.IsFinal;
            }
        }

        Verify(isFinal, "The answer ended without an end.");
        Verify(text.ToString() == $"you said {request.Id}", $"The answer to {request.Id} is '{text}'.");
    }

    private static WireRequest FrameOf(IpcTransport transport, ulong id) => new()
    {
        RequestId = id,
        ModelId = "model",
        ModelPath = "/model",
        ResponseChannelId = transport.ChannelId,
        Prompts = [new WirePrompt { Text = Encoding.UTF8.GetBytes($"?{id}?") }],
        WantsAcknowledgement = true,
    };
}
