using Microsoft.Extensions.Time.Testing;
using Orchard.Connection;
using Orchard.Connection.Transport;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Requests;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

public sealed class StallWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Look = Limit / 4;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeEngine _engine;
    private readonly EngineEvents _events = new(TimeProvider.System);
    private long _steps;

    public StallWatchTests() => _engine = new FakeEngine(new EngineScript().Answer("silence", new FakeReply().Stall()), _time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Queued_EngineWorksForOthers_WaitsAndStallsWhenTheWorkStops()
    {
        await using IpcTransport transport = await _engine.CurrentInstance.ConnectAsync(_events.OnEvent, CancellationToken.None).OrBroken("the connection");
        await using var watch = new StallWatch(transport, _events.Heartbeats, 1, Limit, _time);
        PendingRequest request = await SendAsync(transport);
        await UntilAsync(() => request.State == RequestState.Queued);

        for (int i = 0; i < 20; i++)
        {
            Work();
            _time.Advance(Look);
        }

        Assert.False(request.Closed.IsCompleted);

        for (int i = 0; i < 5; i++)
        {
            _time.Advance(Look);
        }

        await Assert.ThrowsAsync<RequestStalledException>(() => request.WaitToReadAsync(CancellationToken.None).AsTask().OrBroken("the request to end"));
    }

    [Fact]
    public async Task Sent_EngineWorksForOthers_StallsAllTheSame()
    {
        _engine.Script.WithholdAcknowledgements();
        await using IpcTransport transport = await _engine.CurrentInstance.ConnectAsync(_events.OnEvent, CancellationToken.None).OrBroken("the connection");
        await using var watch = new StallWatch(transport, _events.Heartbeats, 1, Limit, _time);
        PendingRequest request = await SendAsync(transport);

        for (int i = 0; i < 6; i++)
        {
            Work();
            _time.Advance(Look);
        }

        await Assert.ThrowsAsync<RequestStalledException>(() => request.WaitToReadAsync(CancellationToken.None).AsTask().OrBroken("the request to end"));
    }

    private static Task<PendingRequest> SendAsync(IpcTransport transport) => transport.SendAsync(
        new WireRequest
        {
            RequestId = transport.NextRequestId(),
            ModelId = "m",
            ModelPath = "/m",
            ResponseChannelId = transport.ChannelId,
            Prompts = [new WirePrompt { Text = "<|im_start|>user\nsilence<|im_end|>\n<|im_start|>assistant\n"u8.ToArray() }],
            WantsAcknowledgement = true,
        },
        CancellationToken.None).OrBroken("the request to be sent");

    private static async Task UntilAsync(Func<bool> condition)
    {
        async Task WaitAsync()
        {
            while (!condition())
            {
                await Task.Yield();
            }
        }

        await WaitAsync().OrBroken("the acknowledgement");
    }

    // A heartbeat that tells of decode steps since the last.
    private void Work() => _events.OnEvent(new TelemetryEvent(
        new Telemetry { Models = [new TelemetryModel { Counters = new TelemetryCounters { DecodeSteps = ++_steps } }] }));
}
