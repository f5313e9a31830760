using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.StarterVision.Tests;

/// <summary>An engine with the model in it.</summary>
public sealed class VisionFixture : OrchardFixture, IAsyncLifetime
{
    /// <summary>Skips the test if the engine cannot take images.</summary>
    public async Task RequireImagesAsync()
    {
        ModelInfo model = await Client.Models.EnsureLoadedAsync(HeldOutPicturesTests.Model).OrBroken("the model");
        Assert.SkipUnless(model.InputModalities.HasFlag(InputModalities.Image), "The engine has no library for images (libmtmd).");
    }

    protected override void Configure(EngineOptions options) => options.LoadModels = [HeldOutPicturesTests.Model];
}
