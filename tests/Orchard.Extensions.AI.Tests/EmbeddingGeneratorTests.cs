using Microsoft.Extensions.DependencyInjection;
using Orchard.Extensions.AI.Tests.Conformance;
using Orchard.Testing;
using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests;

/// <summary>Our embedding generator, on the real engine with an encoder of random weights.</summary>
public sealed class EmbeddingGeneratorTests(EmbeddingGeneratorTests.EncoderFixture fixture)
    : EmbeddingGeneratorContract, IClassFixture<EmbeddingGeneratorTests.EncoderFixture>
{
    protected override IEmbeddingGenerator<string, Embedding<float>> Generator => fixture.Client.AsIEmbeddingGenerator(fixture.Model);

    protected override string Model => fixture.Model;

    [Fact]
    public async Task Dimensions_ComeFromTheGeneratorOrTheRawOptions()
    {
        using IEmbeddingGenerator<string, Embedding<float>> short8 = fixture.Client.AsIEmbeddingGenerator(fixture.Model, dimensions: 8);

        Assert.Equal(8, (await short8.GenerateVectorAsync("hello").OrBroken("the vector")).Length);
        Assert.Equal(
            5, (await Generator.GenerateVectorAsync("hello", new() { RawRepresentationFactory = _ => new EmbeddingOptions { Dimensions = 5 } }).OrBroken("the vector")).Length);
        Assert.Equal(("orchard", fixture.Model, 8), Facts(short8.GetService(typeof(EmbeddingGeneratorMetadata))));
    }

    [Fact]
    public async Task Generate_TextTooLong_SaysWhichOrIsCutIfAskedFor()
    {
        string[] texts = ["short", string.Concat(Enumerable.Repeat("ab cd ", 60))];

        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(() => Generator.GenerateAsync(texts).OrBroken("the refusal"));
        GeneratedEmbeddings<Embedding<float>> cut = await Generator.GenerateAsync(
            texts, new EmbeddingGenerationOptions { AdditionalProperties = new() { ["truncate"] = true } }).OrBroken("the vectors");

        Assert.Equal(1, error.TextIndex);
        Assert.Equal(2, cut.Count);
    }

    [Fact]
    public async Task Generate_NoTexts_IsEmptyAndBadOnesAreRefused()
    {
        Assert.Empty(await Generator.GenerateAsync([]).OrBroken("nothing"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Generator.GenerateAsync(null!));
        await Assert.ThrowsAsync<NotSupportedException>(() => Generator.GenerateAsync(["a"], new() { RawRepresentationFactory = _ => "?" }));
        await Assert.ThrowsAsync<ModelNotFoundException>(() => Generator.GenerateAsync(["a"], new() { ModelId = "no-such-model" }).OrBroken("the refusal"));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Client.AsIEmbeddingGenerator("m", dimensions: 0));
    }

    [Fact]
    public async Task Container_GivesTheGenerator()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOrchard("second", options => options.EngineRoot = "/nowhere").AddEmbeddingGenerator("encoder.gguf", dimensions: 16);
        await using ServiceProvider provider = services.BuildServiceProvider();

        var generator = provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("second");

        Assert.Equal(("orchard", "encoder.gguf", 16), Facts(generator.GetService(typeof(EmbeddingGeneratorMetadata))));
        Assert.NotNull(generator.GetService(typeof(Client)));
    }

    private static (string?, string?, int?) Facts(object? metadata)
    {
        var facts = Assert.IsType<EmbeddingGeneratorMetadata>(metadata);
        return (facts.ProviderName, facts.DefaultModelId, facts.DefaultModelDimensions);
    }

    public sealed class EncoderFixture : IAsyncLifetime
    {
        private readonly OrchardFixture _engine = new();
        private readonly string _folder = Directory.CreateTempSubdirectory("orc-").FullName;

        public Client Client => _engine.Client;

        public string Model { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Model = TinyEncoder.Write(Path.Combine(_folder, "encoder.gguf"), pooling: 1);
            await _engine.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _engine.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
