namespace Orchard.Server.Tests.Sessions;

/// <summary>
/// Sessions of the unmodified clients for Node.js: each chats, streams, calls tools, gets structured output and embeddings where its API
/// has them, meets errors, and leaves in the middle of a stream.
/// </summary>
public sealed class NodeClientTests(NodeClients clients, EmbeddingServerFixture fixture, ITestOutputHelper output)
    : IClassFixture<NodeClients>, IClassFixture<EmbeddingServerFixture>
{
    [Theory]
    [InlineData("openai", 13)]
    [InlineData("anthropic", 11)]
    [InlineData("ollama", 13)]
    [InlineData("ai-sdk", 10)]
    public async Task Session_OfAnUnmodifiedClient_Succeeds(string client, int steps)
    {
        string printed = await clients.RunSessionAsync(client, fixture.Server.Address, "embedder");

        output.WriteLine(printed);
        Assert.Equal(steps, printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await fixture.Server.UntilIdleAsync();
    }
}
