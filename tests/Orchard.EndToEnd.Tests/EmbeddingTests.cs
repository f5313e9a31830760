using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Vectors, ranks and tokens, by models that are made for them and by one that is not.</summary>
public sealed class EmbeddingTests(EngineFixture fixture)
{
    private Client Client => fixture.Client;

    [Fact]
    public async Task Embed_ManyTexts_EachHasTheVectorItHasAloneAndOfLengthOne()
    {
        string model = Encoder(pooling: 1);
        string[] texts = [.. Enumerable.Range(1, 700).Select(i => $"text {i} of these")]; // more than one request, many batches

        IReadOnlyList<TextEmbedding> together = await Client.EmbedAsync(model, texts).OrBroken("the vectors");
        TextEmbedding alone = await Client.EmbedAsync(model, texts[650]).OrBroken("one vector");

        Assert.Equal(700, together.Count);
        Assert.All(together, embedding => Assert.Equal(1, Dot(embedding, embedding), 4));
        Assert.Equal(1, Dot(together[650], alone), 4);
        Assert.True(Dot(together[0], together[650]) < 0.9999);
        Assert.Equal(TinyEncoder.Width, alone.Vector.Length);
        Assert.True(alone.TokenCount > 2);
    }

    [Fact]
    public async Task Embed_Options_DecideLengthAndScale()
    {
        string model = Encoder(pooling: 2);

        float[] raw = (await Client.EmbedAsync(model, "hello", new EmbeddingOptions { Normalize = false }).OrBroken("the vector")).Vector.ToArray();
        float[] cut = (await Client.EmbedAsync(model, "hello", new EmbeddingOptions { Dimensions = 4 }).OrBroken("the vector")).Vector.ToArray();
        float[] mean = (await Client.EmbedAsync(model, "hello", new EmbeddingOptions { Normalize = false, Pooling = EmbeddingPooling.Mean })
            .OrBroken("the vector")).Vector.ToArray();

        double length = Math.Sqrt(raw.Take(4).Sum(value => value * value));
        Assert.Equal(raw.Take(4).Select(value => Math.Round(value / length, 4)), cut.Select(value => Math.Round(value, 4)));
        Assert.NotEqual(raw, mean);
        ModelInfo info = await Client.Models.EnsureLoadedAsync(model).OrBroken("the model");
        Assert.Equal(("bert", EmbeddingPooling.Cls, TinyEncoder.Width), (info.Architecture, info.Pooling, info.EmbeddingLength));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(TinyEncoder.Width + 1)]
    public async Task Embed_MoreDimensionsThanThereAre_NamesTheRange(int dimensions)
    {
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Client.EmbedAsync(Encoder(pooling: 1), "hello", new EmbeddingOptions { Dimensions = dimensions }));

        Assert.Equal("Dimensions", error.ParamName);
        Assert.Contains($"{dimensions}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_TextTooLong_SaysHowLongItMayBe()
    {
        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(
            () => Client.EmbedAsync(Encoder(pooling: 1), [new string('a', 20), string.Concat(Enumerable.Repeat("ab cd ", 60))]));

        Assert.Contains($"{TinyEncoder.ContextLength}", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Text 1 ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("conversation", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.TextIndex);
    }

    [Fact]
    public async Task Embed_TextTooLongAfterMany_HasItsIndexAmongAll()
    {
        string[] texts = [.. Enumerable.Repeat("ab", 600), string.Concat(Enumerable.Repeat("ab cd ", 60))]; // in the second request

        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(() => Client.EmbedAsync(Encoder(pooling: 1), texts));

        Assert.Equal(600, error.TextIndex);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)] // the last token
    public async Task Embed_TextTooLong_IsCutIfAskedFor(int pooling)
    {
        string model = Encoder(pooling);
        var truncate = new EmbeddingOptions { Truncate = true };
        string text = string.Concat(Enumerable.Repeat("ab cd ", 60));

        TextEmbedding cut = await Client.EmbedAsync(model, text, truncate).OrBroken("the vector");
        TextEmbedding other = await Client.EmbedAsync(model, text + "more", truncate).OrBroken("the vector of a longer text");

        Assert.Equal(TinyEncoder.ContextLength, cut.TokenCount);
        Assert.Equal(1, Dot(cut, other), 4);
    }

    [Fact]
    public async Task Rerank_DocumentTooLong_SaysWhich()
    {
        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(
            () => Client.RerankAsync(Encoder(pooling: 4, classifier: true), "where?", ["here", string.Concat(Enumerable.Repeat("ab cd ", 60))]));

        Assert.Equal(1, error.TextIndex);
    }

    [Fact]
    public async Task Embed_EmptyText_IsWhatTheTokenizerMakesOfIt()
    {
        IReadOnlyList<TextEmbedding> both = await Client.EmbedAsync(Encoder(pooling: 1), ["", "hello"]).OrBroken("the vectors");

        Assert.Equal(2, both[0].TokenCount); // one before the text, and one after it
        Assert.Equal(1, Dot(both[0], both[0]), 4);
    }

    [Fact]
    public async Task Embed_EmptyTextThatHasNoTokens_SaysWhich()
    {
        var error = await Assert.ThrowsAsync<RequestRejectedException>(
            () => Client.EmbedAsync("starter", ["hello", ""], new EmbeddingOptions { Pooling = EmbeddingPooling.Mean }));

        Assert.StartsWith("Text 1 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_UnpairedSurrogate_IsReplaced()
    {
        string model = Encoder(pooling: 1);

        Assert.Equal(
            1,
            Dot(await Client.EmbedAsync(model, "a\ud800b").OrBroken("the vector"), await Client.EmbedAsync(model, "a\ufffdb").OrBroken("the same vector")),
            4);
    }

    [Fact]
    public async Task Embed_ChatModel_IsRefusedUnlessAPoolingIsNamed()
    {
        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => Client.EmbedAsync("starter", "hello"));
        TextEmbedding mean = await Client.EmbedAsync("starter", "hello", new EmbeddingOptions { Pooling = EmbeddingPooling.Mean }).OrBroken("the vector");

        Assert.Equal(RequestErrorCodes.Unsupported, error.Code);
        Assert.Contains("to get embeddings from a chat model", error.Message, StringComparison.Ordinal);
        Assert.Equal((await Client.Models.EnsureLoadedAsync("starter")).EmbeddingLength, mean.Vector.Length);
    }

    [Fact]
    public async Task Embed_WhileChatting_BothAnswer()
    {
        Task<ChatResult> chat = Client.ChatAsync("starter", "What is the capital of France?");
        Task<IReadOnlyList<TextEmbedding>> embeddings = Client.EmbedAsync("starter", ["one", "two"], new EmbeddingOptions { Pooling = EmbeddingPooling.Last });

        Assert.Equal("The capital of France is Paris.", (await chat.OrBroken("the answer")).Text);
        Assert.Equal(2, (await embeddings.OrBroken("the vectors")).Count);
    }

    [Fact]
    public async Task Chat_ModelThatOnlyEmbeds_IsRefused()
    {
        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => Client.ChatAsync(Encoder(pooling: 1), "hello"));

        Assert.Equal(RequestErrorCodes.Unsupported, error.Code);
        Assert.Contains("cannot generate text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rerank_Documents_AllComeBestFirst()
    {
        string model = Encoder(pooling: 4, classifier: true);
        string[] documents = ["paris is in france", "cheese", "a long walk by the sea", "0123456789"];

        IReadOnlyList<RankedDocument> ranked = await Client.RerankAsync(model, "where is paris?", documents).OrBroken("the ranks");

        Assert.Equal([0, 1, 2, 3], ranked.Select(document => document.Index).Order());
        Assert.Equal(ranked.OrderByDescending(document => document.Score), ranked);
        Assert.Equal(4, ranked.Select(document => document.Score).Distinct().Count());
        Assert.Equal(
            ranked.Single(document => document.Index == 1).Score,
            (await Client.RerankAsync(model, "where is paris?", ["cheese"]).OrBroken("one rank"))[0].Score,
            Gpu.GpuTests.HasGpu ? 2 : 4); // GPUs round batches of different sizes differently
    }

    [Fact]
    public async Task Rerank_OtherModel_IsRefused()
    {
        Assert.Equal("unsupported", (await Assert.ThrowsAsync<RequestRejectedException>(() => Client.RerankAsync("starter", "a", ["b"]))).Code);
        Assert.Equal("unsupported", (await Assert.ThrowsAsync<RequestRejectedException>(() => Client.EmbedAsync(Encoder(pooling: 4, classifier: true), "a"))).Code);
    }

    [Fact]
    public async Task Rerank_FileThatSaysItRanksAndCannot_IsRefusedAndTheEngineLives()
    {
        string model = Encoder(pooling: 4, classifier: false);

        await Assert.ThrowsAsync<RequestRejectedException>(() => Client.RerankAsync(model, "a", ["b"]));

        Assert.Equal("The capital of France is Paris.", (await Client.ChatAsync("starter", "What is the capital of France?").OrBroken("an answer")).Text);
    }

    [Theory]
    [InlineData("Hello, world! 12345")]
    [InlineData("  leading and trailing  ")]
    [InlineData("naïve 日本語 \U0001F600")]
    [InlineData("")]
    public async Task Tokenize_AndBack_IsTheText(string text)
    {
        IReadOnlyList<int> tokens = await Client.TokenizeAsync("starter", text).OrBroken("the tokens");

        Assert.Equal(text, await Client.DetokenizeAsync("starter", tokens).OrBroken("the text"));
        Assert.Equal(tokens.Count, await Client.CountTokensAsync("starter", text).OrBroken("their count"));
    }

    [Fact]
    public async Task Tokenize_ControlToken_IsOneOnlyWhenAskedFor()
    {
        IReadOnlyList<int> plain = await Client.TokenizeAsync("starter", "<|im_end|>").OrBroken("the tokens");
        IReadOnlyList<int> special = await Client.TokenizeAsync("starter", "<|im_end|>", specialTokens: true).OrBroken("the tokens");

        Assert.True(plain.Count > 1);
        int control = special[^1];
        Assert.DoesNotContain(control, plain);
        Assert.Equal("", await Client.DetokenizeAsync("starter", [control]).OrBroken("the text"));
        Assert.Equal("<|im_end|>", await Client.DetokenizeAsync("starter", [control], specialTokens: true).OrBroken("the text"));
    }

    [Fact]
    public async Task CountTokens_Conversation_IsWhatTheChatUses()
    {
        Message[] conversation = [Message.System("Be brief."), Message.User("What does <|im_end|> mean?")];

        int counted = await Client.CountTokensAsync("starter", conversation).OrBroken("the count");

        Assert.Equal((await Client.ChatAsync("starter", conversation, new GenerationOptions { MaxOutputTokens = 1 }).OrBroken("the answer")).Usage.PromptTokens, counted);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public async Task Detokenize_TokenOutsideTheVocabulary_IsNamed(int token)
    {
        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => Client.DetokenizeAsync("starter", [5, token]));

        Assert.Equal("invalid_request", error.Code);
        Assert.Contains($"{token}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_ThatCannotBeSent_AreRefusedByName()
    {
        Assert.Equal("texts", (await Assert.ThrowsAsync<ArgumentException>(() => Client.EmbedAsync("starter", Array.Empty<string>()))).ParamName);
        Assert.Equal("documents", (await Assert.ThrowsAsync<ArgumentException>(() => Client.RerankAsync("starter", "a", ["b", null!]))).ParamName);
        Assert.Equal("Pooling", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Client.EmbedAsync("starter", "a", new EmbeddingOptions { Pooling = (EmbeddingPooling)7 }))).ParamName);
    }

    private string Encoder(int pooling, bool classifier = false) => TinyEncoder.Write(fixture.NewModelPath(), pooling, classifier);

    private static double Dot(TextEmbedding one, TextEmbedding other) =>
        one.Vector.ToArray().Zip(other.Vector.ToArray(), (a, b) => (double)a * b).Sum();
}
