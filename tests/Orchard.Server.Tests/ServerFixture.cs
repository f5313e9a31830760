namespace Orchard.Server.Tests;

/// <summary>One server on the shared engine, for all tests of a class.</summary>
public sealed class ServerFixture(EngineFixture engine) : IAsyncLifetime
{
    private TestServer? _server;

    public TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(engine.Client);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
