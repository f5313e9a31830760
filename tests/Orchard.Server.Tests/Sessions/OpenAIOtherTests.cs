using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;
using OpenAI.Models;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Sessions;

/// <summary>OpenAI's own client beside chat: models and embeddings.</summary>
public sealed class OpenAIOtherTests(EmbeddingServerFixture fixture) : IClassFixture<EmbeddingServerFixture>
{
    private readonly OpenAIClient _client = new(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Server.Address, "/v1") });

    [Fact]
    public async Task Models_AreListed_AndFoundByName()
    {
        OpenAIModelCollection models = await _client.GetOpenAIModelClient().GetModelsAsync();
        Assert.Contains(models, model => model.Id == "starter");

        OpenAIModel starter = await _client.GetOpenAIModelClient().GetModelAsync("starter");
        Assert.Equal(("starter", "orchard"), (starter.Id, starter.OwnedBy));
        var error = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetOpenAIModelClient().GetModelAsync("none"));
        Assert.Equal(404, error.Status);
    }

    [Fact]
    public async Task Embeddings_AreThoseOfTheClient()
    {
        EmbeddingClient embeddings = _client.GetEmbeddingClient("embedder");

        OpenAIEmbeddingCollection found = await embeddings.GenerateEmbeddingsAsync(["hello", "world"]).OrBroken("the vectors");
        IReadOnlyList<TextEmbedding> expected = await fixture.Client.EmbedAsync(fixture.Embedder, ["hello", "world"]);

        Assert.Equal(expected[0].Vector.ToArray(), found[0].ToFloats().ToArray());
        Assert.Equal(expected[1].Vector.ToArray(), found[1].ToFloats().ToArray());
        Assert.Equal(expected.Sum(one => one.TokenCount), found.Usage.InputTokenCount);
        OpenAIEmbedding cut = await embeddings.GenerateEmbeddingAsync("hello", new EmbeddingGenerationOptions { Dimensions = 4 });
        Assert.Equal(4, cut.ToFloats().Length);
    }

    [Fact]
    public async Task Embeddings_OfAChatModel_AreRefusedByName()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => _client.GetEmbeddingClient("starter").GenerateEmbeddingAsync("hello"));

        Assert.Equal(400, error.Status);
        Assert.Contains("pooling", error.Message, StringComparison.OrdinalIgnoreCase);
    }
}
