using System.Numerics.Tensors;
using Orchard.TestSupport;

namespace Orchard.StarterEmbeddings.Tests;

/// <summary>The converted model computes what the original computes.</summary>
public sealed class StarterEmbeddingsTests(EmbeddingsFixture fixture, Original original, ITestOutputHelper output)
    : IClassFixture<EmbeddingsFixture>, IClassFixture<Original>
{
    public const string Model = "starter-embeddings";

    [Fact]
    public async Task Embed_FiftyTextsOfSixToFourHundredTokens_IsTheVectorOfTheOriginal()
    {
        string[] texts = [.. Texts.Prose(50, minWords: 3, maxWords: 370)];
        int[] lengths = [.. texts.Select(text => original.Tokenize(text).Length)];
        Assert.InRange(lengths.Min(), 6, 12);
        Assert.InRange(lengths.Max(), 350, 512);

        IReadOnlyList<TextEmbedding> vectors = await fixture.Client.EmbedAsync(Model, texts).OrBroken("the vectors");

        float[] cosines = [.. texts.Select((text, i) => TensorPrimitives.CosineSimilarity(vectors[i].Vector.Span, original.Embed(text)))];
        output.WriteLine($"{lengths.Min()} to {lengths.Max()} tokens, cosine {cosines.Min():0.000000} to {cosines.Max():0.000000}");
        Assert.All(cosines, cosine => Assert.InRange(cosine, 0.9999f, 1.0001f));
    }

    [Fact]
    public async Task Embed_RelatedTexts_AreNearerThanUnrelatedOnes()
    {
        IReadOnlyList<TextEmbedding> vectors = await fixture.Client
            .EmbedAsync(Model, ["A man is eating food.", "Someone has a meal.", "The stock market fell sharply."]).OrBroken("the vectors");

        float related = TensorPrimitives.CosineSimilarity(vectors[0].Vector.Span, vectors[1].Vector.Span);
        float unrelated = TensorPrimitives.CosineSimilarity(vectors[0].Vector.Span, vectors[2].Vector.Span);

        Assert.True(related > unrelated + 0.3, $"{related} and {unrelated}");
    }

    [Fact]
    public async Task Tokenize_TwoHundredTexts_AreTheTokensOfAnotherTokenizer()
    {
        var differences = new List<string>();
        foreach (string text in Texts.ForTokens())
        {
            IEnumerable<long> expected = original.Tokenize(text);
            IReadOnlyList<int> tokens = await fixture.Client.TokenizeAsync(Model, text).OrBroken("the tokens");
            if (!expected.Skip(1).SkipLast(1).SequenceEqual(tokens.Select(token => (long)token)))
            {
                differences.Add($"'{text}': {string.Join(' ', tokens)} instead of {string.Join(' ', expected)}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData("한국어")]
    public async Task Tokenize_Hangul_DiffersAsTheReadmeSays(string text)
    {
        IReadOnlyList<int> tokens = await fixture.Client.TokenizeAsync(Model, text).OrBroken("the tokens");

        Assert.NotEqual(original.Tokenize(text)[1..^1], tokens.Select(token => (long)token));
    }
}
