using Orchard.Engine.Serving.Models;
using Orchard.Engine.Tests.Inference;
using TemporaryFolder = Orchard.Engine.Tests.Native.TemporaryFolder;

namespace Orchard.Engine.Tests.Serving;

/// <summary>The model in a folder is found by what its files contain.</summary>
public sealed class ModelFileLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.gguf")]
    [InlineData("MODEL.GGUF")]
    public void Locate_ModelBesideItsOtherFiles_IsTheModel(string name)
    {
        string model = new TinyLlama().Save(PathOf(name));
        new TinyLlama().With("general.type", "mmproj").Save(PathOf("vision.gguf"));
        new TinyLlama().With("general.type", "adapter").Save(PathOf("style.gguf"));

        Assert.Equal(model, ModelFileLocator.Locate(_folder.Path));
    }

    [Fact]
    public void Locate_SplitModel_IsItsFirstPart()
    {
        string first = new TinyLlama().SaveInTwo(PathOf("b 1 of 2.gguf"), PathOf("b 2 of 2.gguf"));
        new TinyLlama().With("general.architecture", "clip").Save(PathOf("a.gguf"));

        Assert.Equal(first, ModelFileLocator.Locate(_folder.Path));
    }

    [Fact]
    public void Locate_SeveralModelsOrNone_SaysWhich()
    {
        new TinyLlama().With("general.type", "adapter").Save(PathOf("x.gguf"));
        new TinyLlama().With("general.type", "imatrix").Save(PathOf("y.gguf"));
        Assert.Contains("None of the 2 .gguf files", Message(), StringComparison.Ordinal);

        new TinyLlama().Save(PathOf("a.gguf"));
        new TinyLlama().Save(PathOf("b.gguf"));
        Assert.Contains("contains 2 models (a.gguf, b.gguf)", Message(), StringComparison.Ordinal);
    }

    private string Message() => Assert.Throws<FileNotFoundException>(() => ModelFileLocator.Locate(_folder.Path)).Message;

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
