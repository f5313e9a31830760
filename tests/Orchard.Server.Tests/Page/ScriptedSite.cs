using Orchard.Testing;

namespace Orchard.Server.Tests.Page;

/// <summary>A server on a scripted engine.</summary>
internal sealed class ScriptedSite : IAsyncDisposable
{
    private readonly Client _client;

    private ScriptedSite(FakeEngine engine, Client client, TestServer server)
    {
        Engine = engine;
        _client = client;
        Server = server;
    }

    public FakeEngine Engine { get; }

    public TestServer Server { get; }

    /// <param name="script">What the engine does.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="failures">Texts of errors that the server may log.</param>
    public static async Task<ScriptedSite> StartAsync(
        EngineScript script, Action<OrchardServerOptions>? configure = null, params string[] failures)
    {
        var engine = new FakeEngine(script);
        Client client = await engine.ConnectAsync();
        return new ScriptedSite(engine, client, await TestServer.StartAsync(client, configure, failures: failures));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _client.DisposeAsync();
        await Engine.DisposeAsync();
    }
}
