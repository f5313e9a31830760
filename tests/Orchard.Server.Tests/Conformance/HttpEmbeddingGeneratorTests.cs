using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using Orchard.Extensions.AI.Tests.Conformance;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Conformance;

/// <summary>What every embedding generator gives, through HTTP, and the same vectors as without.</summary>
public sealed class HttpEmbeddingGeneratorTests(EmbeddingServerFixture fixture)
    : EmbeddingGeneratorContract, IClassFixture<EmbeddingServerFixture>
{
    protected override IEmbeddingGenerator<string, Embedding<float>> Generator { get; } = new OpenAIClient(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Server.Address, "/v1") })
        .GetEmbeddingClient("embedder").AsIEmbeddingGenerator();

    protected override string Model => "embedder";

    [Fact]
    public async Task Vectors_AreThoseWithoutHttp()
    {
        string[] texts = ["hello", "good bye", "a somewhat longer text", ""];
        using IEmbeddingGenerator<string, Embedding<float>> direct = fixture.Client.AsIEmbeddingGenerator(fixture.Embedder);

        GeneratedEmbeddings<Embedding<float>> expected = await direct.GenerateAsync(texts).OrBroken("the direct vectors");
        GeneratedEmbeddings<Embedding<float>> found = await Generator.GenerateAsync(texts).OrBroken("the vectors");

        Assert.Equal(expected.Select(one => one.Vector.ToArray()), found.Select(one => one.Vector.ToArray()));
        Assert.Equal(expected.Usage!.InputTokenCount, found.Usage!.InputTokenCount);
    }
}
