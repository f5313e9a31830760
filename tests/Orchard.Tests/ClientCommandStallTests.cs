using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>Calls that wait for a reply of an engine that is stopped, on the scripted engine and its clock.</summary>
public sealed class ClientCommandStallTests : IAsyncDisposable
{
    private const string Model = "starter";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeEngine _engine;
    private volatile bool _isStopped;

    public ClientCommandStallTests()
    {
        _engine = new FakeEngine(new EngineScript().Answer("ok"), _time);
        _engine.Script.IgnoreCommands(_ => _isStopped);
    }

    public static TheoryData<string, Func<Client, Task>> Calls { get; } = new()
    {
        { "the reply to 'tokenize'", client => client.TokenizeAsync(Model, "text") },
        { "the reply to 'detokenize'", client => client.DetokenizeAsync(Model, [1]) },
        { "the reply to 'tokenize'", client => client.CountTokensAsync(Model, "text") },
        { "the reply to 'tokenize'", client => client.CountTokensAsync(Model, [Message.User("text")]) },
        { "the reply to 'unload_model'", client => client.Models.UnloadAsync(Model) },
    };

    public static TheoryData<string, Func<Client, Task>> FirstCalls { get; } = new()
    {
        { "EnsureLoaded", client => client.Models.EnsureLoadedAsync(Model) },
        { "Chat", client => client.ChatAsync(Model, "hello") },
        { "Embed", client => client.EmbedAsync(Model, ["hello"]) },
        { "Tokenize", client => client.TokenizeAsync(Model, "hello") },
    };

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task Call_EngineStops_EndsByTheLimitAndSaysWhatItWaitedFor(string waitedFor, Func<Client, Task> call)
    {
        await using Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        _isStopped = true;

        RequestStalledException error = await StallsAsync(call(client));

        Assert.Equal(waitedFor, error.WaitedFor);
        Assert.Equal(_engine.ProcessId, error.ProcessId);
        Assert.Contains("no heartbeat", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FirstCalls), DisableDiscoveryEnumeration = true)]
    public async Task FirstCall_EngineStops_EndsByTheLimitAndTheNextCallLoads(string name, Func<Client, Task> call)
    {
        await using Client client = await ConnectAsync();
        _isStopped = true;

        RequestStalledException error = await StallsAsync(call(client));

        Assert.StartsWith("the end of the load of", error.WaitedFor, StringComparison.Ordinal);
        await client.Models.EnsureLoadedAsync(Model).OrBroken($"the load after {name} has failed");
    }

    [Fact]
    public async Task Load_LongerThanTheLimitAndReportedByHeartbeats_IsLeftAlone()
    {
        var gate = new EngineGate();
        _engine.Script.SendHeartbeats(TimeSpan.FromSeconds(1)).Load(FakeLoad.Success.After(gate));
        await using Client client = await ConnectAsync();
        Task<ModelInfo> load = client.Models.EnsureLoadedAsync(Model);
        await gate.Reached.OrBroken("the load");

        for (int second = 0; second < 5 * Limit.TotalSeconds; second++)
        {
            int before = client.CurrentSession!.Heartbeats.Count;
            _time.Advance(TimeSpan.FromSeconds(1));
            await MoreHeartbeatsAsync(client, before).OrBroken("a heartbeat");
        }

        Assert.False(load.IsCompleted);
        gate.Open();
        await load.OrBroken("the model");
    }

    [Fact]
    public async Task Unload_EngineStops_ChatsOfTheModelGoOn()
    {
        await using Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        _engine.Script.IgnoreCommands(command => command.Kind == FakeCommandKind.UnloadModel);
        Task unload = client.Models.UnloadAsync(Model);
        Task<ChatResult> chat = client.ChatAsync(Model, "hello");

        await StallsAsync(unload);

        Assert.Equal("ok", (await chat.OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Call_NoLimit_WaitsUntilItIsCancelled()
    {
        await using Client client = await _engine.ConnectAsync(new ClientOptions { StallTimeout = null }).OrBroken("the connection");
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        _isStopped = true;
        using var cancel = new CancellationTokenSource();
        Task call = client.TokenizeAsync(Model, "text", cancellationToken: cancel.Token);

        _time.Advance(Limit * 100);
        Assert.False(call.IsCompleted);
        await cancel.CancelAsync();
        _isStopped = false;

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.OrBroken("the end of the call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Call_CancelledWhileItWaits_EndsWithTheCallersToken()
    {
        await using Client client = await ConnectAsync();
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        _isStopped = true;
        using var cancel = new CancellationTokenSource();
        Task call = client.TokenizeAsync(Model, "text", cancellationToken: cancel.Token);

        await cancel.CancelAsync();
        _isStopped = false;

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.OrBroken("the end of the call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync(new ClientOptions { StallTimeout = Limit }).OrBroken("the connection");

    // A call that never ends fails the test instead of spinning for ever.
    private async Task<RequestStalledException> StallsAsync(Task call)
    {
        for (int look = 0; look < 100_000 && !call.IsCompleted; look++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        _isStopped = false; // so that the client can take leave of the engine
        Assert.True(call.IsCompleted, "The call has not ended long after the limit.");
        return await Assert.ThrowsAsync<RequestStalledException>(() => call);
    }

    private static async Task MoreHeartbeatsAsync(Client client, int before)
    {
        while (client.CurrentSession!.Heartbeats.Count <= before)
        {
            await Task.Yield();
        }
    }
}
