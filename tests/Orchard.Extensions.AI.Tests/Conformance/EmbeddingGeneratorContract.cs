using Microsoft.Extensions.AI;
using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests.Conformance;

/// <summary>
/// What code written against embedding generators relies on, whatever is behind them: our client, or another one through HTTP. The model
/// is an encoder of random weights.
/// </summary>
public abstract class EmbeddingGeneratorContract
{
    // Texts that are computed together are added up in another order.
    private const float Tolerance = 1e-3f;

    protected abstract IEmbeddingGenerator<string, Embedding<float>> Generator { get; }

    /// <summary>The model as the generator names it.</summary>
    protected abstract string Model { get; }

    [Fact]
    public async Task Generate_SeveralTexts_VectorsInTheirOrderWithUsage()
    {
        GeneratedEmbeddings<Embedding<float>> both = await Generator.GenerateAsync(["hello", "good bye"]).OrBroken("the vectors");
        ReadOnlyMemory<float> alone = await Generator.GenerateVectorAsync("good bye").OrBroken("one vector");

        Assert.Equal(2, both.Count);
        Assert.All(both, embedding => Assert.Equal((TinyEncoder.Width, Model), (embedding.Vector.Length, embedding.ModelId)));
        Assert.Equal(1, both[0].Vector.ToArray().Sum(value => value * value), 4);
        Assert.Equal(alone.ToArray().Select(value => Math.Round(value, 4)), both[1].Vector.ToArray().Select(value => Math.Round(value, 4)));
        Assert.NotEqual(both[0].Vector.ToArray(), both[1].Vector.ToArray());
        Assert.True(both.Usage!.InputTokenCount > 4);
        Assert.Equal(both.Usage.InputTokenCount, both.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Generate_DimensionsOfTheCall_AreThoseOfTheVector() =>
        Assert.Equal(4, (await Generator.GenerateVectorAsync("hello", new EmbeddingGenerationOptions { Dimensions = 4 }).OrBroken("the vector")).Length);

    [Fact]
    public async Task Generate_ThirtyTwoCallersOfOneInstance_EachGetsItsOwn()
    {
        IEmbeddingGenerator<string, Embedding<float>> generator = Generator;
        string[] texts = [.. Enumerable.Range(0, 32).Select(i => $"text {i}")];
        GeneratedEmbeddings<Embedding<float>> together = await generator.GenerateAsync(texts).OrBroken("the vectors");

        ReadOnlyMemory<float>[] alone = await Task.WhenAll(texts.Select(text => generator.GenerateVectorAsync(text))).OrBroken("the vectors");

        Assert.All(alone.Zip(together), pair => Assert.All(
            pair.First.ToArray().Zip(pair.Second.Vector.ToArray()), values => Assert.Equal(values.First, values.Second, Tolerance)));
    }
}
