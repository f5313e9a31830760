using Orchard.Testing;

namespace Orchard.EndToEnd.Tests.Architectures;

/// <summary>An engine of its own for the architectures, so that one that ends it disturbs no other test, and the table of what they did.</summary>
public sealed class ArchitectureFixture : OrchardFixture, IAsyncLifetime
{
    internal ArchitectureTable Table { get; } = new();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        Console.WriteLine(Table);
        await DisposeAsync();
    }

    protected override void Configure(EngineOptions options) => options.LoadModels.Clear();
}
