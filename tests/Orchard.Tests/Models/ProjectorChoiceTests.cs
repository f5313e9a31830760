using Orchard.Models;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Tests.Models;

/// <summary>With which projector a model is loaded.</summary>
public sealed class ProjectorChoiceTests
{
    private static readonly ResolvedModel Model = new("vision", "/models/vision.gguf", "/models/vision.gguf");

    [Fact]
    public void Create_NothingSpecified_LeavesItToTheEngine() => Assert.Equal((null, null), Sent(Model));

    [Fact]
    public void Create_ProjectorThatBelongsToTheModel_IsUsedIfItCan() =>
        Assert.Equal(("/models/mmproj.gguf", true), Sent(Model with { Projector = "/models/mmproj.gguf" }));

    [Fact]
    public void Create_BundledModelWithoutAProjector_DoesNotGetThatOfAnother() =>
        Assert.Equal(("none", null), Sent(Model with { Projector = ModelOptions.NoProjector }));

    [Theory]
    [InlineData("none")]
    [InlineData(" NONE ")]
    public void Create_None_CountsBeforeTheModels(string none) =>
        Assert.Equal(("none", null), Sent(With(none) with { Projector = "/models/mmproj.gguf" }));

    [Fact]
    public void Create_Path_IsRequired()
    {
        using var folder = new TemporaryRoot();
        string path = Path.Combine(folder.Path, "none");
        File.WriteAllBytes(path, []);

        Assert.Equal((RealPath.Of(path), null), Sent(With(path) with { Projector = "/models/mmproj.gguf" }));
    }

    [Fact]
    public void Create_PathThatDoesNotExist_IsToldBeforeTheLoad()
    {
        var error = Assert.Throws<ModelLoadException>(() => Sent(With("no-such/mmproj.gguf")));

        Assert.Contains(Path.GetFullPath("no-such/mmproj.gguf"), error.Message, StringComparison.Ordinal);
        Assert.Contains("ModelOptions.Projector", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BlankPath_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ModelOptions.Projector), () => new ModelOptions { Projector = " " }.Validate());

    [Fact]
    public void Options_OfOtherProjectors_AreNotEqual() =>
        Assert.NotEqual(new ModelOptions { Projector = "a" }, new ModelOptions { Projector = "b" });

    private static ResolvedModel With(string projector) => Model with { Options = new ModelOptions { Projector = projector } };

    private static (string? Path, bool? IsOptional) Sent(ResolvedModel model)
    {
        LoadExtensions sent = LoadRequest.Create(model, usesMemoryMap: true);
        return (sent.Projector, sent.ProjectorIsOptional);
    }
}
