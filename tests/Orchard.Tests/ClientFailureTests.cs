using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>What the caller sees when the engine fails, on the scripted engine.</summary>
public sealed class ClientFailureTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Chat_EngineDiesMidStream_EveryCallEndsOnceTypedAndTheNextOneIsAnswered(int calls)
    {
        var gate = new EngineGate();
        _engine.Script.Answer("story", new FakeReply().Say("Once ").Wait(gate).Say("upon"));
        await using Client client = await ConnectAsync();
        IAsyncEnumerator<ChatDelta>[] streams = [.. Enumerable.Range(0, calls).Select(_ => client.ChatStreamAsync(Model, "story").GetAsyncEnumerator())];
        bool[] begun = await Task.WhenAll(streams.Select(stream => stream.MoveNextAsync().AsTask())).OrBroken("the first delta of each");
        int processId = _engine.ProcessId;

        await _engine.CrashAsync().OrBroken("the engine to die");

        Assert.All(begun, Assert.True);
        foreach (IAsyncEnumerator<ChatDelta> stream in streams)
        {
            var error = await Assert.ThrowsAsync<EngineDiedException>(() => stream.MoveNextAsync().AsTask().OrBroken("a call in flight to end"));
            Assert.Equal(processId, error.ProcessId);
            Assert.DoesNotContain("PeerClosed", error.Message, StringComparison.Ordinal);
            Assert.False(await stream.MoveNextAsync());
            await stream.DisposeAsync();
        }

        Assert.Equal("ok", (await client.ChatAsync(Model, "Are you there?").OrBroken("the answer of the next engine")).Text);
        Assert.NotEqual(processId, _engine.ProcessId);
    }

    [Fact]
    public async Task Chat_EngineDiesAtTheRequest_FailsTyped()
    {
        _engine.Script.Answer(new FakeReply().Crash());
        await using Client client = await ConnectAsync();

        await Assert.ThrowsAsync<EngineDiedException>(() => client.ChatAsync(Model, "die").OrBroken("the call to end"));
    }

    [Fact]
    public async Task Chat_EngineDiesInsideAMessage_FailsTyped()
    {
        var gate = new EngineGate();
        _engine.Script.Answer(new FakeReply().Say("Once ").Wait(gate).CrashMidMessage());
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first delta"));

        gate.Open();

        await Assert.ThrowsAsync<EngineDiedException>(() => stream.MoveNextAsync().AsTask().OrBroken("the call to end"));
    }

    [Fact]
    public async Task Chat_EventsThatCannotBeReadAmongGoodDeltas_CostNothingButThemselves()
    {
        _engine.Script.Answer(new FakeReply().SendMalformedEvent().Say("still ").SendMalformedEvent().Say("here"));
        await using Client client = await ConnectAsync();

        Assert.Equal("still here", (await client.ChatAsync(Model, "Are you there?").OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Chat_DeltaThatCannotBeRead_FailsTheCallInsteadOfShorteningTheAnswer()
    {
        _engine.Script.Answer("broken", new FakeReply().Say("some").SendMalformedDelta().Say("thing")).Answer("whole", new FakeReply().Say("all of it"));
        await using Client client = await ConnectAsync();

        await Assert.ThrowsAsync<ProtocolException>(() => client.ChatAsync(Model, "broken").OrBroken("the call to end"));
        Assert.Equal("all of it", (await client.ChatAsync(Model, "whole").OrBroken("the next answer")).Text);
    }

    [Fact]
    public async Task Chat_FinalDeltaTwice_SecondOneIgnored()
    {
        _engine.Script
            .Answer("first", new FakeReply().Say("1").Finish().Repeat())
            .Answer("second", new FakeReply().Say("2").Finish().Repeat());
        await using Client client = await ConnectAsync();

        IReadOnlyList<ChatResult> answers = await client
            .ChatBatchAsync(Model, [[Message.User("first")], [Message.User("second")]]).OrBroken("both answers");

        Assert.Equal(["1", "2"], answers.Select(answer => answer.Text));
        Assert.Equal("ok", (await client.ChatAsync(Model, "next").OrBroken("the next answer")).Text);
    }

    [Fact]
    public async Task Chat_EngineIsShuttingDown_FailsAsAnEngineThatEnds()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Fail("leaving", "shutting_down"));
        await using Client client = await ConnectAsync();

        var error = await Assert.ThrowsAsync<EngineDiedException>(() => client.ChatAsync(Model, "story").OrBroken("the call to end"));

        Assert.Equal(_engine.ProcessId, error.ProcessId);
    }

    [Theory]
    [InlineData("unsupported")]
    [InlineData("overloaded")]
    [InlineData("invalid_request")]
    [InlineData("model_not_loaded")]
    [InlineData("internal")]
    [InlineData("never_heard_of")]
    [InlineData(null)]
    public async Task Chat_Refused_ThrowsRequestRejectedWithTheEnginesCodeAndWords(string? code)
    {
        _engine.Script.Answer("sequence", new FakeReply().Fail("not today", code)).Answer("request", new FakeReply().Refuse("not today", code));
        await using Client client = await ConnectAsync();

        foreach (string question in (string[])["sequence", "request"])
        {
            var error = await Assert.ThrowsAsync<RequestRejectedException>(() => client.ChatAsync(Model, question).OrBroken("the refusal"));
            Assert.Equal(code, error.Code);
            Assert.Contains("not today", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Chat_PromptTooLong_ThrowsContextLengthExceededWithBothNumbers()
    {
        _engine.Script.Answer(new FakeReply().Fail("5000 tokens", "context_length_exceeded"));
        await using Client client = await ConnectAsync();

        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(() => client.ChatAsync(Model, "one two three").OrBroken("the refusal"));

        Assert.True(error.PromptTokens > 3);
        Assert.Equal(4096, error.ContextLength);
    }

    [Fact]
    public async Task Chat_FailsAfterSomeText_ThrowsBehindIt()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Fail("decode failed", "internal"));
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();

        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first delta"));
        await Assert.ThrowsAsync<RequestRejectedException>(() => stream.MoveNextAsync().AsTask().OrBroken("the failure"));
    }

    [Fact]
    public async Task Chat_EngineGoesSilentMidStream_EndsByTheCallersCancellation()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Stall());
        await using Client client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "story", cancellationToken: cancel.Token).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first delta"));
        Task<bool> next = stream.MoveNextAsync().AsTask();

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.OrBroken("the cancelled call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Dispose_CallsInFlight_EndAsDisposedAndASecondDisposeWaits()
    {
        _engine.Script.Answer("stall", new FakeReply().Stall());
        Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        Task<ChatResult>[] chats = [.. Enumerable.Range(0, 100).Select(_ => client.ChatAsync(Model, "stall"))];
        foreach (Task<ChatResult> _ in chats)
        {
            await _engine.NextRequestAsync().OrBroken("a request");
        }

        await Task.WhenAll(client.DisposeAsync().AsTask(), client.DisposeAsync().AsTask()).OrBroken("both disposals");

        foreach (Task<ChatResult> chat in chats)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => chat.OrBroken("a call in flight to end"));
        }
    }

    [Fact]
    public async Task Dispose_LoadInFlight_EndsAsDisposed()
    {
        var gate = new EngineGate();
        _engine.Script.Load(FakeLoad.Success.After(gate));
        Client client = await ConnectAsync();
        Task<ModelInfo> load = client.Models.EnsureLoadedAsync(Model);
        await gate.Reached.OrBroken("the load command");

        await client.DisposeAsync().AsTask().OrBroken("the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => load.OrBroken("the load to end"));
    }

    [Fact]
    public async Task Dispose_WhileConnectingAgain_EndsTheCallAndTheDisposal()
    {
        Client client = await ConnectAsync();
        await _engine.CrashAsync().OrBroken("the engine to die");
        _engine.Script.IgnoreRegistrations();
        await NextRegistrationAsync();
        await EngineGoneAsync(client).OrBroken("the client to notice");
        Task<ModelInfo> load = client.Models.EnsureLoadedAsync(Model);
        await NextRegistrationAsync();

        await client.DisposeAsync().AsTask().OrBroken("the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => load.OrBroken("the call to end"));
    }

    [Fact]
    public async Task Connect_CancelledWhileRegistering_EndsWithTheCallersToken()
    {
        _engine.Script.IgnoreRegistrations();
        using var cancel = new CancellationTokenSource();
        Task<Client> connect = _engine.ConnectAsync(cancellationToken: cancel.Token);
        await NextRegistrationAsync();

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.OrBroken("the cancelled connect"));
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Call_AfterDispose_ThrowsObjectDisposed()
    {
        Client client = await ConnectAsync();
        await client.DisposeAsync().AsTask().OrBroken("the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ChatAsync(Model, "Are you there?").OrBroken("the refusal"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Models.EnsureLoadedAsync(Model).OrBroken("the refusal"));
    }

    private static async Task EngineGoneAsync(Client client)
    {
        while (client.CurrentSession is not null)
        {
            await Task.Yield();
        }
    }

    private async Task NextRegistrationAsync()
    {
        while ((await _engine.NextCommandAsync().OrBroken("a registration")).Kind != FakeCommandKind.Register)
        {
        }
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync().OrBroken("the connection");
}
