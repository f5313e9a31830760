using System.Buffers.Binary;
using System.Text.Json;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>Embeddings, reranking and tokens.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Embed_ManyTexts_ComeInOrderAndNormalized(bool inBase64)
    {
        await using WireServer server = Serve("/v1/embeddings", request =>
        {
            string[] texts = [.. request.Json.GetProperty("input").EnumerateArray().Select(static text => text.GetString()!)];
            return JsonSerializer.Serialize(new
            {
                data = texts.Select((text, index) => new { index, embedding = Vector(float.Parse(text, System.Globalization.CultureInfo.InvariantCulture), inBase64) }).Reverse(),
                usage = new { prompt_tokens = 2 * texts.Length, total_tokens = 2 * texts.Length },
            });
        });
        await using Client client = Servers.ClientOf(server);

        IReadOnlyList<TextEmbedding> found = await client.EmbedAsync(
            Servers.Model, [.. Enumerable.Range(1, 300).Select(static i => $"{i}")], new EmbeddingOptions { Dimensions = 2 }).OrBroken("it");

        Assert.Equal(300, found.Count);
        Assert.All(found, static (embedding, i) =>
        {
            double length = Math.Sqrt(((i + 1) * (i + 1)) + 1);
            Assert.Equal((i + 1) / length, embedding.Vector.Span[0], 1e-5);
            Assert.Equal(1 / length, embedding.Vector.Span[1], 1e-5);
        });
        Assert.Equal(600, found.Sum(static embedding => embedding.TokenCount));
        Assert.Equal(3, server.Requests.Count(static request => request.Path == "/v1/embeddings"));
    }

    [Theory]
    [InlineData("""{"data":[{"index":5,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"%%%"}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":["x"]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1e99]}]}""")]
    [InlineData("""{"data":"x"}""")]
    [InlineData("""[]""")]
    [InlineData("""<html>""")]
    public async Task Embed_AnswerToAnotherRequest_IsRefused(string body)
    {
        await using WireServer server = Serve("/v1/embeddings", _ => body);
        await using Client client = Servers.ClientOf(server);

        await Assert.ThrowsAsync<ProtocolException>(() => client.EmbedAsync(Servers.Model, ["x"]).OrBroken("it"));
    }

    [Fact]
    public async Task Embed_OptionThatTheServerLacks_IsRefused()
    {
        await using WireServer server = Serve("/v1/embeddings", _ => "{}");
        await using Client client = Servers.ClientOf(server);

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => client.EmbedAsync(Servers.Model, ["x"], new EmbeddingOptions { Pooling = EmbeddingPooling.Mean }).OrBroken("it"));

        Assert.Contains("Pooling", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rerank_SortsByScore()
    {
        await using WireServer server = Serve("/v1/rerank", _ => """{"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":-2}]}""");
        await using Client client = Servers.ClientOf(server);

        IReadOnlyList<RankedDocument> ranked = await client.RerankAsync(Servers.Model, "q", ["a", "b"]).OrBroken("it");

        Assert.Equal([(1, 0.9f), (0, -2f)], ranked.Select(static document => (document.Index, document.Score)));
    }

    [Fact]
    public async Task Rerank_MissingDocument_IsRefused()
    {
        await using WireServer server = Serve("/v1/rerank", _ => """{"results":[{"index":1,"relevance_score":0.9},{"index":9,"relevance_score":1}]}""");
        await using Client client = Servers.ClientOf(server);

        await Assert.ThrowsAsync<ProtocolException>(() => client.RerankAsync(Servers.Model, "q", ["a", "b"]).OrBroken("it"));
    }

    [Fact]
    public async Task Tokens_Vllm_AreSplitJoinedAndCounted()
    {
        await using WireServer server = new(request => WireReply.Json(request.Path switch
        {
            "/v1/models" => Servers.VllmModels,
            "/tokenize" when request.Find("messages") is not null => """{"tokens":[1,2,3,4],"count":4}""",
            "/tokenize" => """{"tokens":[5,6],"count":2}""",
            "/detokenize" => """{"prompt":"hello"}""",
            _ => "{}",
        }));
        await using Client client = Servers.ClientOf(server);

        Assert.Equal([5, 6], await client.TokenizeAsync(Servers.Model, "hello").OrBroken("it"));
        Assert.Equal("hello", await client.DetokenizeAsync(Servers.Model, [5, 6]).OrBroken("it"));
        Assert.Equal(4, await client.CountTokensAsync(Servers.Model, [Message.User("hello")]).OrBroken("it"));
    }

    [Fact]
    public async Task Tokens_LlamaServer_AreCountedByItsTemplate()
    {
        await using WireServer server = new(request => WireReply.Json(request.Path switch
        {
            "/v1/models" => """{"data":[{"id":"qwen3","owned_by":"llamacpp","meta":{"n_ctx_train":512}}]}""",
            "/apply-template" => """{"prompt":"<user>hello"}""",
            "/tokenize" when request.Find("content")?.GetString() == "<user>hello" => """{"tokens":[1,2,3]}""",
            _ => "{}",
        }));
        await using Client client = Servers.ClientOf(server);

        Assert.Equal(3, await client.CountTokensAsync(Servers.Model, [Message.User("hello")]).OrBroken("it"));
    }

    [Fact]
    public async Task Tokens_OpenAI_AreNotSupported()
    {
        await using WireServer server = Serve("/none", _ => "{}");
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.Kind = RemoteKind.OpenAI);

        await Assert.ThrowsAsync<NotSupportedException>(() => client.TokenizeAsync(Servers.Model, "x").OrBroken("it"));
        await Assert.ThrowsAsync<NotSupportedException>(() => client.RerankAsync(Servers.Model, "q", ["a"]).OrBroken("it"));
    }

    private static WireServer Serve(string path, Func<WireRequest, string> answer) => new(request =>
        request.Path == "/v1/models" ? WireReply.Json(Servers.VllmModels)
        : request.Path == path ? WireReply.Json(answer(request))
        : WireReply.Json("{}", 404));

    private static object Vector(float value, bool inBase64)
    {
        float[] vector = [value, 1, 9];
        if (!inBase64)
        {
            return vector;
        }

        byte[] bytes = new byte[12];
        for (int i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), vector[i]);
        }

        return Convert.ToBase64String(bytes);
    }
}
