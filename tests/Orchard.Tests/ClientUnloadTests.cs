using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>Unloading against use, on the scripted engine.</summary>
public sealed class ClientUnloadTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Unload_NobodyUsesIt_TheNextCallLoadsAgain()
    {
        await using Client client = await ConnectAsync();
        await client.ChatAsync(Model, "hello").OrBroken("the answer");

        Assert.True(await client.Models.UnloadAsync(Model).OrBroken("the unload"));

        Assert.Equal(ModelState.Idle, client.Models.GetStatus(Model).State);
        Assert.Equal("ok", (await client.ChatAsync(Model, "hello").OrBroken("the next answer")).Text);
        Assert.Equal(2, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task Unload_NotLoaded_DoesNothing()
    {
        await using Client client = await ConnectAsync();

        Assert.False(await client.Models.UnloadAsync(Model).OrBroken("the unload"));
        Assert.Equal(0, _engine.CountOf(FakeCommandKind.UnloadModel));
    }

    [Fact]
    public async Task Unload_AnswerUnderWay_WaitsForItsEnd()
    {
        var gate = new EngineGate();
        _engine.Script.Answer("story", new FakeReply().Say("Once ").Wait(gate).Say("upon"));
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> story = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await story.MoveNextAsync().AsTask().OrBroken("the first word"));
        Task<bool> unload = client.Models.UnloadAsync(Model);

        // Whoever comes while it waits is served: the story might need it.
        Assert.Equal("ok", (await client.ChatAsync(Model, "hello").OrBroken("another answer")).Text);
        Assert.False(unload.IsCompleted);
        Assert.Equal(1, client.Models.GetStatus(Model).Users);

        gate.Open();
        while (await story.MoveNextAsync().AsTask().OrBroken("the rest of the story"))
        {
        }

        Assert.True(await unload.OrBroken("the unload"));
        Assert.Equal(1, _engine.CountOf(FakeCommandKind.UnloadModel));
    }

    [Fact]
    public async Task Unload_AnswerUnderWayAndNotToWait_Refuses()
    {
        _engine.Script.Answer("story", new FakeReply().Say("Once ").Stall());
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> story = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await story.MoveNextAsync().AsTask().OrBroken("the first word"));

        var error = await Assert.ThrowsAsync<ModelInUseException>(
            () => client.Models.UnloadAsync(Model, UnloadMode.RefuseIfInUse).OrBroken("the refusal"));

        Assert.Equal(Model, error.Model);
        Assert.Equal(0, _engine.CountOf(FakeCommandKind.UnloadModel));
    }

    [Fact]
    public async Task Unload_AnotherProgramUsesIt_AsksAgainUntilItDoesNot()
    {
        _engine.Script.RefuseUnloads(3);
        await using Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");

        Assert.True(await client.Models.UnloadAsync(Model).OrBroken("the unload"));

        Assert.Equal(4, _engine.CountOf(FakeCommandKind.UnloadModel));
    }

    [Fact]
    public async Task Unload_AnotherProgramUsesItAndNotToWait_RefusesAndTheModelStays()
    {
        _engine.Script.RefuseUnloads(1);
        await using Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");

        await Assert.ThrowsAsync<ModelInUseException>(() => client.Models.UnloadAsync(Model, UnloadMode.RefuseIfInUse).OrBroken("the refusal"));

        Assert.Equal(ModelState.Ready, client.Models.GetStatus(Model).State);
    }

    [Fact]
    public async Task Unload_Cancelled_EndsWithTheCallersTokenAndTheModelStays()
    {
        _engine.Script.Answer("story", new FakeReply().Say("Once ").Stall());
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> story = client.ChatStreamAsync(Model, "story").GetAsyncEnumerator();
        Assert.True(await story.MoveNextAsync().AsTask().OrBroken("the first word"));
        using var cancel = new CancellationTokenSource();
        Task<bool> unload = client.Models.UnloadAsync(Model, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unload.OrBroken("the end of the wait"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(ModelState.Ready, client.Models.GetStatus(Model).State);
    }

    [Fact]
    public async Task Unload_ManyCallersLoadMeanwhile_EveryOneEnds()
    {
        await using Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");

        Task[] calls = [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0
            ? (Task)client.Models.UnloadAsync(Model)
            : client.ChatAsync(Model, "hello"))];

        await Task.WhenAll(calls).OrBroken("every call");
    }

    [Fact]
    public async Task Unload_ByOneClient_TheOtherLoadsAgainByItself()
    {
        await using Client one = await ConnectAsync();
        await using Client other = await ConnectAsync();
        await other.ChatAsync(Model, "hello").OrBroken("the other's answer");
        await one.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        _engine.Script.Answer(_ => _engine.Requests.Count == 2 ? new FakeReply().Refuse("not loaded", "model_not_loaded") : null);

        await one.Models.UnloadAsync(Model).OrBroken("the unload");

        Assert.Equal("ok", (await other.ChatAsync(Model, "hello").OrBroken("the other's next answer")).Text);
        Assert.Equal(3, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync().OrBroken("the connection");
}
