using Microsoft.Extensions.Time.Testing;
using Orchard.Protocol.Messages.Management;
using Orchard.Responses;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>What a client says and does when its connection ends although its engine lives, on the scripted engine.</summary>
public sealed class ClientDisconnectionTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly FakeEngine _engine;

    public ClientDisconnectionTests() => _engine = new FakeEngine(new EngineScript().Answer("ok"), _time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task ChatStream_CutOffForUnreadOutput_SaysSoAndTheNextCallUsesTheSameEngine()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Say("upon").Stall());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        int processId = _engine.ProcessId;
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the second word"));

        _engine.CurrentInstance.Disconnect(ChannelStates.OutputLimitExceeded);
        var error = await Assert.ThrowsAsync<OutputLimitExceededException>(() => stream.MoveNextAsync().AsTask().OrBroken("the call to end"));

        Assert.Equal("Once upon".Length, error.ReceivedCharacters);
        Assert.Equal(processId, error.ProcessId);
        Assert.Contains("unread", error.Message, StringComparison.Ordinal);
        _engine.Script.Answer(new FakeReply().Say("again"));
        Assert.Equal("again", (await client.ChatAsync(Model, "anything").OrBroken("the next answer")).Text);
        Assert.Equal(processId, client.CurrentSession!.ProcessId);
    }

    [Fact]
    public async Task ChatStream_ConnectionIsLost_SaysThatTheEngineLives()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Stall());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));

        _engine.CurrentInstance.Disconnect(ChannelStates.Closed);
        var error = await Assert.ThrowsAsync<EngineConnectionLostException>(() => stream.MoveNextAsync().AsTask().OrBroken("the call to end"));

        Assert.Equal("Once ".Length, error.ReceivedCharacters);
        Assert.Contains("was lost (the other end closed it)", error.Message, StringComparison.Ordinal);
        Assert.Contains("still running", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChannelStates.Closed)]
    [InlineData(ChannelStates.OutputLimitExceeded)]
    public async Task Chat_DisconnectedBeforeAnyOutput_IsAnsweredByTheSameEngine(string state)
    {
        _engine.Script.Answer(new FakeReply().Stall());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        int processId = _engine.ProcessId;
        Task<ChatResult> call = client.ChatAsync(Model, "anything");
        await _engine.NextRequestAsync().OrBroken("the request");

        _engine.Script.Answer(new FakeReply().Say("ok"));
        _engine.CurrentInstance.Disconnect(state);

        Assert.Equal("ok", (await call.OrBroken("the answer")).Text);
        Assert.Equal(processId, client.CurrentSession!.ProcessId);
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Theory]
    [InlineData(ChannelStates.Closed, ResponseErrorCodes.ConnectionLost)]
    [InlineData(ChannelStates.OutputLimitExceeded, ResponseErrorCodes.OutputLimitExceeded)]
    public async Task ResponsesStream_Disconnected_HasACodeOfItsOwn(string state, string code)
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Stall());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        ResponseEvent? last = null;

        await foreach (ResponseEvent told in client.ResponsesStreamAsync(Model, "story"))
        {
            last = told;
            if (told is OutputTextDeltaEvent)
            {
                _engine.CurrentInstance.Disconnect(state);
            }
        }

        Assert.Equal(code, Assert.IsType<ResponseFailedEvent>(last).Response.Error?.Code);
    }

    [Fact]
    public async Task Dispose_OrchardEngine_IsNotDeregisteredBecauseTheConnectionCounts()
    {
        Client client = await _engine.ConnectAsync().OrBroken("the connection");

        await client.DisposeAsync().AsTask().OrBroken("the end of the client");

        Assert.Equal(0, _engine.CountOf(FakeCommandKind.Deregister));
    }

    [Fact]
    public async Task Dispose_PieCompatibleEngine_OnlyTheLastClientOfTheProcessDeregistersIt()
    {
        await using var engine = new FakeEngine(new EngineScript().HideIdentity());
        Client first = await engine.ConnectAsync().OrBroken("the first connection");
        Client second = await engine.ConnectAsync().OrBroken("the second connection");

        await first.DisposeAsync().AsTask().OrBroken("the end of the first client");
        Assert.Equal(0, engine.CountOf(FakeCommandKind.Deregister));
        await second.DisposeAsync().AsTask().OrBroken("the end of the second client");

        Assert.Equal(1, engine.CountOf(FakeCommandKind.Deregister));
    }

    [Fact]
    public async Task Chat_SeveralCandidatesRefusedInOneDelta_EndsOnce()
    {
        _engine.Script.Answer(new FakeReply().Refuse("no", RequestErrorCodes.InvalidRequest));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<RequestRejectedException>(
            () => client.ChatAsync(Model, "anything", new GenerationOptions { CandidateCount = 3 }).OrBroken("the call to end"));

        Assert.Contains("no", error.Message, StringComparison.Ordinal);
    }
}
