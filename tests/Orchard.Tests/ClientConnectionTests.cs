using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

public sealed class ClientConnectionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orc-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Create_NoEngine_ConnectsWithTheFirstCall()
    {
        await using Client client = Client.Create(new ClientOptions { EngineRoot = _root, StartEngine = false });
        Assert.Equal(new EngineStatus(), client.EngineStatus);

        await using FakeEngine engine = FakeEngine.Listen(_root, new EngineScript().Answer("ok"));
        await client.EnsureConnectedAsync().OrBroken("the connection");

        Assert.True(client.EngineStatus.IsConnected);
        Assert.Equal(engine.ProcessId, client.EngineStatus.ProcessId);
        Assert.Equal(1, engine.CountOf(FakeCommandKind.Register));
    }

    [Fact]
    public async Task EnsureConnected_Disposed_SaysSo()
    {
        Client client = Client.Create(new ClientOptions { EngineRoot = _root, StartEngine = false });
        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.EnsureConnectedAsync());
    }

    [Fact]
    public async Task Dispose_IsTheSameEndAsDisposeAsync()
    {
        await using var engine = new FakeEngine(new EngineScript().HideIdentity()); // which is told of the end by a command
        Client client = await engine.ConnectAsync().OrBroken("the connection");

        client.Dispose();
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.EnsureConnectedAsync());
        await client.DisposeAsync().AsTask().OrBroken("the end that Dispose began");
        Assert.False(client.EngineStatus.IsConnected);
        Assert.Equal(1, engine.CountOf(FakeCommandKind.Deregister));
    }

    [Fact]
    public async Task Dispose_CallInFlight_FailsAsDisposed()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"));
        engine.Script.Answer(new FakeReply().Stall());
        Client client = await engine.ConnectAsync().OrBroken("the connection");
        Task<ChatResult> call = client.ChatAsync("starter", "Hi");
        await engine.NextRequestAsync().OrBroken("the request");

        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.OrBroken("the call"));
    }

    [Fact]
    public async Task Create_OptionsChangedAfterwards_KeepsItsOwn()
    {
        var options = new ClientOptions { EngineRoot = _root, StartEngine = false };
        await using FakeEngine engine = FakeEngine.Listen(_root, new EngineScript().Answer("ok"));
        await using Client client = Client.Create(options);

        options.EngineRoot = "/nowhere";
        await client.EnsureConnectedAsync().OrBroken("the connection");

        Assert.Equal(engine.ProcessId, client.EngineStatus.ProcessId);
    }

    [Fact]
    public async Task Stop_NoEngine_IsFalseAndStartsNone()
    {
        Assert.False(await InferenceEngine.StopAsync(new ClientOptions { EngineRoot = _root }).OrBroken("the stop"));

        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task EngineStatus_SilentEngine_GrowsOld()
    {
        var time = new FakeTimeProvider();
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"), time);
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), client.EngineStatus.HeartbeatAge);
    }
}
