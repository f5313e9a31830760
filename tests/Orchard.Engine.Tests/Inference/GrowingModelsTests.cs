using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Sequences that outgrow the initial KV cache, for every kind of memory that models have.</summary>
public sealed class GrowingModelsTests
{
    private const int Length = 600;
    private const float Tolerance = 1e-5f;

    public static TheoryData<string, int> Cases { get; } = new(
        RandomModels.Architectures.SelectMany(static architecture => new[] { 1, 7, 64 }.Select(step => (architecture, step))));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Decode_PastTheFirstRoom_GivesWhatADecoderWithAllOfItGives(string architecture, int step)
    {
        using var folder = new TemporaryFolder();
        string path = RandomModels.Write(Path.Combine(folder.Path, "model.gguf"), architecture);
        using LlamaModel model = await LlamaModel.LoadAsync(path, settings: null, null, TestContext.Current.CancellationToken);
        var options = new DecoderOptions { SequenceCapacity = 2, ContextLength = 1_024, BatchCapacity = 64 };
        using var whole = new LlamaDecoder(model, options);
        using var growing = new LlamaDecoder(model, options with { InitialContextLength = 256, ReservesMemory = true });
        int token = 1;
        for (int position = 0; position < Length; position += step)
        {
            float[] expected = Feed(whole, token, position, step);
            float[] actual = Feed(growing, token, position, step);

            Assert.InRange(expected.Zip(actual, static (one, other) => Math.Abs(one - other)).Max(), 0, Tolerance);
            token = Array.IndexOf(expected, expected.Max());
            Assert.Equal(token, Array.IndexOf(actual, actual.Max()));
        }
    }

    // The logits of the last token of a step, whose tokens depend on what was generated before.
    private static float[] Feed(LlamaDecoder decoder, int token, int position, int step)
    {
        decoder.Decode(
        [
            .. Enumerable.Range(0, step).Select(i => new BatchToken((token + (i * 13)) % RandomModels.Vocabulary, position + i, 1, i == step - 1)),
        ]);
        return decoder.GetLogits(step - 1).ToArray();
    }
}
