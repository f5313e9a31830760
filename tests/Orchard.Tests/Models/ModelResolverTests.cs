using Orchard.Models;

namespace Orchard.Tests.Models;

public sealed class ModelResolverTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchard-");

    private ModelResolver Resolver => field ??= new ModelResolver(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("starter")]
    [InlineData("STARTER")]
    [InlineData("  Starter ")]
    public void Resolve_StarterInAnyCase_IsTheShippedFile(string name)
    {
        string file = Touch("models/starter.gguf");

        ResolvedModel model = Resolver.Resolve(name)!;

        Assert.Equal(RealPath.Of(file), model.Path);
        Assert.Equal(name, model.RequestedId);
    }

    [Fact]
    public void Resolve_AliasPathAndLink_AreOneModel()
    {
        string file = Touch("models/starter.gguf");
        string link = Path.Combine(_folder.FullName, "link.gguf");
        File.CreateSymbolicLink(link, file);
        string detour = Path.Combine(_folder.FullName, "models", "..", "models", "starter.gguf");

        string[] ids = [.. new[] { "starter", file, link, detour }.Select(name => Resolver.Resolve(name)!.CanonicalId)];

        Assert.Single(ids.Distinct(ModelResolver.IdComparer));
    }

    [Fact]
    public void Resolve_LinkToABlob_IdentityIsTheBlobAndTheLinkIsOpened()
    {
        string blob = Touch("blobs/0123");
        string link = Path.Combine(_folder.FullName, "model-00001-of-00002.gguf");
        File.CreateSymbolicLink(link, "blobs/0123");
        string folder = Path.Combine(_folder.FullName, "linked");
        Directory.CreateSymbolicLink(folder, _folder.FullName);

        ResolvedModel model = Resolver.Resolve(Path.Combine(folder, "model-00001-of-00002.gguf"))!;

        Assert.Equal((RealPath.Of(blob), RealPath.ToOpen(link)), (model.CanonicalId, model.Path));
        Assert.Equal("model-00001-of-00002.gguf", Path.GetFileName(model.Path));
    }

    [Fact]
    public void Resolve_UnknownName_NamesSimilarOnes()
    {
        Assert.Equal(["starter"], NotFound("startre").Suggestions);
        string file = Touch("own/qwen3-q8_0.gguf");

        ModelNotFoundException error = NotFound(file.Replace("q8", "q6", StringComparison.Ordinal));

        Assert.Equal([file], error.Suggestions);
        Assert.Contains($"Similar names: {file}", error.Message, StringComparison.Ordinal);
        Assert.Empty(NotFound("something-else-entirely").Suggestions);
    }

    [Fact]
    public void Resolve_LinkedFolder_IsTheSameModel()
    {
        string file = Touch("models/a.gguf");
        string link = Path.Combine(_folder.FullName, "linked");
        Directory.CreateSymbolicLink(link, Path.Combine(_folder.FullName, "models"));

        Assert.Equal(Resolver.Resolve(file)!.CanonicalId, Resolver.Resolve(Path.Combine(link, "a.gguf"))!.CanonicalId);
    }

    [Fact]
    public void Resolve_FolderWithOneModel_IsThatModel()
    {
        string file = Touch("own/model.gguf");

        Assert.Equal(RealPath.Of(file), Resolver.Resolve(Path.GetDirectoryName(file)!)!.Path);
    }

    [Theory]
    [InlineData("model.gguf", "mmproj-model-f16.gguf")]
    [InlineData("MODEL.GGUF", "mmproj.gguf")]
    [InlineData("model.gguf", "model-lora.gguf")]
    [InlineData("my model-00001-of-00003.gguf", "my model-00002-of-00003.gguf", "my model-00003-of-00003.gguf", "mmproj-F16.gguf")]
    public void Resolve_FolderWithOneModelAndItsOtherFiles_IsThatModel(string name, params string[] others)
    {
        string file = Touch($"own/{name}");
        Array.ForEach(others, other => Touch($"own/{other}"));

        Assert.Equal(RealPath.Of(file), Resolver.Resolve(Path.GetDirectoryName(file)!)!.Path);
    }

    [Fact]
    public void Resolve_FolderWithSeveralModels_AsksForOne()
    {
        Touch("own/a.gguf");
        string folder = Path.GetDirectoryName(Touch("own/b.gguf"))!;

        Assert.Contains("holds 2 models", NotFound(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FolderWithAPartMissing_NamesIt()
    {
        string folder = Path.GetDirectoryName(Touch("own/a-00001-of-00002.gguf"))!;

        Assert.Contains("has no file 'a-00002-of-00002.gguf'", NotFound(folder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownName_SaysWhatIsKnown()
    {
        ModelNotFoundException error = NotFound("gpt-17");

        Assert.Equal("gpt-17", error.Model);
        Assert.Contains("'starter'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_HomeDirectory_IsExpanded()
    {
        string file = Touch("own/model.gguf");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        Assert.Equal(RealPath.Of(file), Resolver.Resolve($"~/{Path.GetRelativePath(home, file)}")!.Path);
        Assert.Contains($"'{Path.Combine(home, "no-such.gguf")}'", NotFound("~/no-such.gguf").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_MissingFile_NamesTheFullPath()
    {
        string path = Path.Combine(_folder.FullName, "missing.gguf");

        Assert.Contains($"'{path}'", NotFound(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_StarterNotShipped_SaysWhereItWasExpected() =>
        Assert.Contains(Path.Combine(_folder.FullName, "models"), NotFound("starter").Message, StringComparison.Ordinal);

    [Fact]
    public void Resolve_StarterEmbeddings_IsTheFileOfItsPackage()
    {
        Assert.Contains("the package Orchard.StarterEmbeddings", NotFound("starter-embeddings").Message, StringComparison.Ordinal);

        string file = Touch("models/starter-embeddings.gguf");

        Assert.Equal(RealPath.Of(file), Resolver.Resolve("Starter-Embeddings")!.Path);
    }

    [Fact]
    public void Resolve_StarterVision_IsTheFileOfItsPackageWithItsProjector()
    {
        Assert.Contains("the package Orchard.StarterVision", NotFound("starter-vision").Message, StringComparison.Ordinal);

        string file = Touch("models/starter-vision.gguf");
        string projector = Touch("models/mmproj-starter-vision.gguf");
        ResolvedModel model = Resolver.Resolve("starter-vision")!;

        Assert.Equal(RealPath.Of(file), model.Path);
        Assert.Equal(projector, model.Projector);
    }

    [Fact]
    public void Resolve_StarterBesideAnotherModelsProjector_HasNone()
    {
        Touch("models/starter.gguf");
        Touch("models/mmproj-starter-vision.gguf");

        Assert.Equal(ModelOptions.NoProjector, Resolver.Resolve("starter")!.Projector);
    }

    private ModelNotFoundException NotFound(string model) => Assert.Throws<ModelNotFoundException>(() => Resolver.Resolve(model));

    private string Touch(string relativePath)
    {
        string path = Path.Combine(_folder.FullName, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, []);
        return path;
    }
}
