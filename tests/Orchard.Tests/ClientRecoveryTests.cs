using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>What the client does by itself when the engine dies or a part of an answer is lost, on the scripted engine.</summary>
public sealed class ClientRecoveryTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly FakeEngine _engine;

    public ClientRecoveryTests() => _engine = new FakeEngine(new EngineScript().Answer("ok"), _time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Chat_EngineDiesBeforeAnyOutput_IsAnsweredByTheNextEngine()
    {
        _engine.Script.Answer(FirstTimes(1, new FakeReply().Crash()));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        int processId = _engine.ProcessId;

        ChatResult answer = await client.ChatAsync(Model, "anything").OrBroken("the answer");

        Assert.Equal("ok", answer.Text);
        Assert.NotEqual(processId, _engine.ProcessId);
        Assert.Equal(2, _engine.Requests.Count);
        Assert.Equal(2, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task ChatBatch_EngineDiesBeforeAnyOutput_IsAnsweredWhole()
    {
        _engine.Script.Answer(FirstTimes(1, new FakeReply().Crash()));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(Model, [[Message.User("a")], [Message.User("b")]]).OrBroken("the answers");

        Assert.Equal(["ok", "ok"], answers.Select(answer => answer.Text));
    }

    [Fact]
    public async Task Chat_TwoEnginesDieBeforeAnyOutput_FailsTyped()
    {
        _engine.Script.Answer(FirstTimes(2, new FakeReply().Crash()));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<EngineDiedException>(() => client.ChatAsync(Model, "anything").OrBroken("the call to end"));

        Assert.Equal(0, error.ReceivedCharacters);
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Fact]
    public async Task Chat_ReplayTurnedOff_FailsWithTheFirstEngine()
    {
        _engine.Script.Answer(FirstTimes(1, new FakeReply().Crash()));
        await using Client client = await _engine.ConnectAsync(new ClientOptions { ReplayUnansweredCalls = false }).OrBroken("the connection");

        await Assert.ThrowsAsync<EngineDiedException>(() => client.ChatAsync(Model, "anything").OrBroken("the call to end"));

        Assert.Single(_engine.Requests);
    }

    [Fact]
    public async Task ChatStream_EngineDiesAfterSomeText_IsNotRepeatedAndSaysHowMuchHadCome()
    {
        var gate = new EngineGate();
        _engine.Script.Answer(new FakeReply().Say("Once ").Say("upon").Wait(gate).Crash());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the second word"));

        gate.Open();
        var error = await Assert.ThrowsAsync<EngineDiedException>(() => stream.MoveNextAsync().AsTask().OrBroken("the call to end"));

        Assert.Equal("Once upon".Length, error.ReceivedCharacters);
        Assert.Contains("9 characters", error.Message, StringComparison.Ordinal);
        Assert.Single(_engine.Requests);
    }

    [Fact]
    public async Task Chat_EngineIsLeavingBeforeAnyOutput_IsAnsweredByTheNextEngine()
    {
        _engine.Script.Answer(FirstTimes(1, new FakeReply().Fail("leaving", "shutting_down").Crash()));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal("ok", (await client.ChatAsync(Model, "anything").OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Chat_CancelledAsTheEngineDies_IsNotMadeAgain()
    {
        using var cancel = new CancellationTokenSource();
        _engine.Script.Answer(new FakeReply().Do(cancel.Cancel).Crash());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.ChatAsync(Model, "anything", cancellationToken: cancel.Token).OrBroken("the call to end"));

        Assert.Single(_engine.Requests);
    }

    [Fact]
    public async Task Chat_ModelThatKillsEveryEngine_IsNotTriedAgainUntilAMinuteHasPassed()
    {
        _engine.Script.Load(FakeLoad.Crash);
        await using Client client = await _engine.ConnectAsync(new ClientOptions { ReplayUnansweredCalls = false }).OrBroken("the connection");
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<EngineDiedException>(() => ChatAsync(client));
        }

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => ChatAsync(client));

        Assert.Contains("died 3 times", error.Message, StringComparison.Ordinal);
        Assert.Contains("starter.gguf", error.Message, StringComparison.Ordinal);
        Assert.IsType<EngineDiedException>(error.InnerException);
        Assert.Equal(3, _engine.CountOf(FakeCommandKind.LoadModel));

        _engine.Script.Load(FakeLoad.Success);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("ok", (await ChatAsync(client)).Text);
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("twice")]
    [InlineData("lost at the end")]
    public async Task Chat_PartOfTheAnswerLostOrRepeated_FailsInsteadOfOtherText(string what)
    {
        _engine.Script.Answer(what switch
        {
            "lost" => new FakeReply().Say("one ").Drop("two ").Say("three"),
            "twice" => new FakeReply().Say("one ").Repeat().Say("two"),
            _ => new FakeReply().Say("one ").Drop("two"),
        });
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<ProtocolException>(() => ChatAsync(client));

        Assert.Contains("lost", error.Message, StringComparison.Ordinal);
    }

    private Func<FakePrompt, FakeReply?> FirstTimes(int times, FakeReply reply) => _ => _engine.Requests.Count <= times ? reply : null;

    private async Task<ChatResult> ChatAsync(Client client)
    {
        Task<ChatResult> answer = client.ChatAsync(Model, "anything");
        while (!answer.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10)); // the time between two starts
            await Task.WhenAny(answer, Task.Delay(1)).OrBroken("the clock");
        }

        return await answer;
    }
}
