using Orchard.Testing;

namespace Orchard.StarterEmbeddings.Tests;

/// <summary>An engine with the model in it.</summary>
public sealed class EmbeddingsFixture : OrchardFixture, IAsyncLifetime
{
    protected override void Configure(EngineOptions options) => options.LoadModels = [StarterEmbeddingsTests.Model];
}
