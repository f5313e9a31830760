using Microsoft.Extensions.Time.Testing;
using Orchard.TestSupport;
using Orchard.Testing;

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

        await using FakeEngine engine = FakeEngine.Listen(_root);
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
    public async Task EngineStatus_SilentEngine_GrowsOld()
    {
        var time = new FakeTimeProvider();
        await using var engine = new FakeEngine(timeProvider: time);
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), client.EngineStatus.HeartbeatAge);
    }
}
