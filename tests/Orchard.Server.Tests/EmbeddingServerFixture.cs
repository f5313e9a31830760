using Orchard.TestModels;

namespace Orchard.Server.Tests;

/// <summary>One server on the shared engine with an encoder and a ranker, for all tests of a class.</summary>
public sealed class EmbeddingServerFixture(EngineFixture engine) : IAsyncLifetime
{
    private static int _count;

    private readonly string _name = $"encoder-{Interlocked.Increment(ref _count)}";
    private TestServer? _server;

    public TestServer Server => _server!;

    public Client Client => engine.Client;

    /// <summary>Path of the encoder.</summary>
    public string Embedder => Path.Combine(engine.EngineRoot, $"{_name}.gguf");

    private string Ranker => Path.Combine(engine.EngineRoot, $"{_name}-ranker.gguf");

    public async ValueTask InitializeAsync()
    {
        TinyEncoder.Write(Embedder, pooling: 1);
        TinyEncoder.Write(Ranker, pooling: 4, classifier: true);
        _server = await TestServer.StartAsync(engine.Client, options =>
        {
            options.Aliases["embedder"] = Embedder;
            options.Aliases["ranker"] = Ranker;
        });
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
