using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>Requests of which nothing comes any more, on the scripted engine and its clock.</summary>
public sealed class ClientStallTests : IAsyncDisposable
{
    private const string Model = "starter";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeEngine _engine;

    public ClientStallTests()
    {
        _engine = new FakeEngine(new EngineScript().Answer("ok"), _time);
        _engine.Script.Answer("silence", new FakeReply().Stall());
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Chat_NeverAcknowledged_EndsByTheLimitAndIsCancelledInTheEngine()
    {
        _engine.Script.WithholdAcknowledgements();
        await using Client client = await ConnectAsync();
        Task<ChatResult> call = client.ChatAsync(Model, "silence");
        FakeRequest request = await _engine.NextRequestAsync().OrBroken("the request");

        RequestStalledException error = await StallsAsync(call);

        Assert.Equal(RequestState.Sent, error.State);
        Assert.Equal(_engine.ProcessId, error.ProcessId);
        Assert.Contains("has not acknowledged", error.Message, StringComparison.Ordinal);
        await request.Cancelled.OrBroken("the request to be cancelled in the engine");
    }

    [Fact]
    public async Task Chat_AcknowledgedAndNothingElse_SaysThatItWasQueued()
    {
        await using Client client = await ConnectAsync();
        Task<ChatResult> call = client.ChatAsync(Model, "silence");
        await _engine.NextRequestAsync().OrBroken("the request");
        await client.ChatAsync(Model, "ping").OrBroken("an answer behind the acknowledgement");

        RequestStalledException error = await StallsAsync(call);

        Assert.Equal(RequestState.Queued, error.State);
        Assert.Contains("no heartbeat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatStream_StopsAfterSomeTokens_SaysAfterHowMany()
    {
        _engine.Script.Answer(new FakeReply().Say("one ").Say("two").Stall());
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "count").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the second word"));

        RequestStalledException error = await StallsAsync(stream.MoveNextAsync().AsTask());

        Assert.Equal(RequestState.Generating, error.State);
        Assert.Contains("after 2 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatStream_SlowButMoving_IsLeftAlone()
    {
        EngineGate[] gates = [.. Enumerable.Range(0, 5).Select(_ => new EngineGate())];
        _engine.Script.Answer(gates.Aggregate(new FakeReply().Say("word "), (reply, gate) => reply.Wait(gate).Say("word ")));
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "hurry").GetAsyncEnumerator();

        foreach (EngineGate gate in gates)
        {
            Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the next word"));
            _time.Advance(Limit * 0.75);
            gate.Open();
        }

        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the last word"));
        Assert.Equal("word ", stream.Current.Text);
    }

    [Fact]
    public async Task Chat_PrefillLongerThanTheLimit_IsLeftAloneWhileTokensAreComputed()
    {
        EngineGate[] gates = [.. Enumerable.Range(0, 5).Select(_ => new EngineGate())];
        FakeReply reply = new FakeReply().Prefill(100, 600);
        for (int i = 0; i < gates.Length; i++)
        {
            reply = reply.Wait(gates[i]).Prefill((i + 2) * 100, 600);
        }

        _engine.Script.Answer("a book", reply.Say("Yes."));
        var listener = new Listener();
        await using Client client = await ConnectAsync();
        Task<ChatResult> call = client.ChatAsync(Model, "a book", new GenerationOptions { PrefillProgress = listener });

        for (int i = 0; i < gates.Length; i++)
        {
            await gates[i].Reached.OrBroken("the next part of the prefill");
            Assert.Equal((i + 1) * 100, await listener.NextAsync().OrBroken("its report"));
            _time.Advance(Limit * 0.75);
            gates[i].Open();
        }

        Assert.Equal("Yes.", (await call.OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Chat_OthersStallMeanwhile_IsAnswered()
    {
        await using Client client = await ConnectAsync();
        Task<ChatResult> stalled = client.ChatAsync(Model, "silence");
        await _engine.NextRequestAsync().OrBroken("the request");
        await StallsAsync(stalled);

        Assert.Equal("ok", (await client.ChatAsync(Model, "anything").OrBroken("the next answer")).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Connect_LimitNotAboveZero_IsABadArgument(int seconds)
    {
        var options = new ClientOptions { StallTimeout = TimeSpan.FromSeconds(seconds) };

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Client.ConnectAsync(options).OrBroken("the refusal"));

        Assert.Equal("StallTimeout", error.ParamName);
    }

    private sealed class Listener : IProgress<PrefillProgress>
    {
        private readonly System.Threading.Channels.Channel<PrefillProgress> _reports = System.Threading.Channels.Channel.CreateUnbounded<PrefillProgress>();

        public void Report(PrefillProgress value) => _reports.Writer.TryWrite(value);

        public async Task<int> NextAsync() => (await _reports.Reader.ReadAsync()).ComputedTokens;
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync(new ClientOptions { StallTimeout = Limit }).OrBroken("the connection");

    private async Task<RequestStalledException> StallsAsync(Task call)
    {
        while (!call.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        return await Assert.ThrowsAsync<RequestStalledException>(() => call);
    }
}
