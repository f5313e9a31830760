using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using Orchard.Extensions.AI.Tests.Conformance;

namespace Orchard.Server.Tests.Conformance;

/// <summary>A server on the shared engine, asked through OpenAI's client; beside it, the same engine asked directly.</summary>
/// <param name="engine">The engine.</param>
/// <param name="open">Opens one of the APIs of OpenAI's client.</param>
public abstract class HttpHost(EngineFixture engine, Func<OpenAIClient, IChatClient> open) : ChatClientHost
{
    private TestServer? _server;
    private IChatClient? _client;

    public override IChatClient Client => _client!;

    /// <summary>The chat client of the same engine without HTTP.</summary>
    public IChatClient Direct => engine.Client.AsIChatClient("starter");

    public override async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine.Client);
        _client = open(new OpenAIClient(
            new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(_server.Address, "/v1") }));
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.UntilIdleAsync();
            await _server.DisposeAsync();
        }
    }
}
