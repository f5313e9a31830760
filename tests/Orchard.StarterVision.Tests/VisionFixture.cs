using Orchard.Testing;

namespace Orchard.StarterVision.Tests;

/// <summary>An engine with the model in it.</summary>
public sealed class VisionFixture : OrchardFixture, IAsyncLifetime
{
    protected override void Configure(EngineOptions options) => options.LoadModels = [HeldOutPicturesTests.Model];
}
