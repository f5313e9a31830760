using Orchard.Protocol.Messages.Events;
using Orchard.Testing;
using Orchard.Tests.Diagnostics;
using Orchard.TestSupport;

namespace Orchard.Tests.Callbacks;

/// <summary>Code of the application never runs on a thread that other calls depend on, and may block.</summary>
[Collection(nameof(Listening))]
public sealed class CallbackTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly UserCode _code = new();
    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));
    private readonly EngineGate _loads = new();

    public CallbackTests() => _engine.Script
        .Load(FakeLoad.Success.After(_loads))
        .Answer("malformed", new FakeReply().SendMalformedEvent().Say("ok"))
        .Answer("broken", new FakeReply().Say("so ").SendMalformedDelta().Stall());

    public async ValueTask DisposeAsync()
    {
        _code.Open();
        await _engine.DisposeAsync();
        _code.Dispose();
    }

    [Fact]
    public async Task EveryCallback_InAWholeSession_IsNeverCalledOnALoop()
    {
        await using Client client = await ConnectAsync();
        Task<ModelInfo> load = client.Models.EnsureLoadedAsync(Model, _code);
        await _loads.Reached.OrBroken("the load");
        PublishProgress(0.5);
        _loads.Open();
        await load.OrBroken("the model");
        await client.ChatAsync(Model, "malformed").OrBroken("an answer");
        await Assert.ThrowsAsync<ProtocolException>(() => client.ChatAsync(Model, "broken").OrBroken("an error"));
        await _engine.CrashAsync();
        await client.ChatAsync(Model, "hello").OrBroken("an answer of the next engine");
        await client.DisposeAsync();

        Assert.Equal(
            ["a log", "a measurement", "a span's end", "a span's start", "progress", "the filter of a log"], _code.Calls.Order(StringComparer.Ordinal));
        Assert.Empty(_code.CallsOnLoops);
    }

    [Fact]
    public async Task Progress_HandlerBlocks_OtherCallsGoOn()
    {
        await using Client client = await ConnectAsync();
        Task blocked = _code.Block("progress");
        Task<ModelInfo> load = client.Models.EnsureLoadedAsync(Model, _code);
        await _loads.Reached.OrBroken("the load");
        PublishProgress(0.5);
        await blocked.OrBroken("a report");
        _loads.Open();

        ChatResult answer = await client.ChatAsync(Model, "hello").OrBroken("the answer");

        Assert.Equal("ok", answer.Text);
        Assert.False(load.IsCompleted); // its own caller gets all reports first
        _code.Open();
        await load.OrBroken("the model");
    }

    [Theory]
    [InlineData("a log")]
    [InlineData("the filter of a log")]
    public async Task Log_ProviderBlocks_OtherCallsGoOn(string what)
    {
        _loads.Open();
        await using Client client = await ConnectAsync();
        Task blocked = _code.Block(what);

        ChatResult first = await client.ChatAsync(Model, "malformed").OrBroken("the answer behind the malformed event");
        await blocked.OrBroken("a message to be logged");
        ChatResult second = await client.ChatAsync(Model, "hello").OrBroken("the next answer");

        Assert.Equal(("ok", "ok"), (first.Text, second.Text));
        _code.Open();
    }

    private Task<Client> ConnectAsync() =>
        _engine.ConnectAsync(new ClientOptions { LoggerFactory = _code }).OrBroken("the connection");

    private void PublishProgress(double fraction) => _engine.CurrentInstance.Publish(new TelemetryEvent(new Telemetry
    {
        Models =
        [
            new TelemetryModel
            {
                CanonicalId = Model,
                LoadState = TelemetryModel.LoadingState,
                Counters = new TelemetryCounters { LoadProgress = fraction },
            },
        ],
    }));
}
