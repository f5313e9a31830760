using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference;

/// <summary>
/// The random models that architectures are tested with show an error: any other token of a prompt changes the logits far more than
/// rounding does.
/// </summary>
public sealed class RandomWeightTests
{
    private const int Prompt = 60;
    private const double Rounding = 1e-3;
    private const double Change = 20 * Rounding;

    [Theory]
    [InlineData("llama")]
    [InlineData("gemma2")]
    [InlineData("gemma3n")]
    [InlineData("gemma4")]
    [InlineData("olmo2")]
    public async Task AnotherTokenAnywhere_ChangesTheLogits_AndPiecesOfThePromptDoNot(string architecture)
    {
        using var folder = new TemporaryFolder();
        using LlamaModel model = await LlamaModel.LoadAsync(
            ModelArchitecture.Named(architecture).Write(Path.Combine(folder.Path, "model.gguf")),
            settings: null,
            progress: null,
            TestContext.Current.CancellationToken);
        using var decoder = new LlamaDecoder(model, new DecoderOptions { SequenceCapacity = 1, ContextLength = 256, BatchCapacity = 64 });
        float[] whole = Decode(decoder, Prompt, changed: null);

        Assert.InRange(Difference(whole, Decode(decoder, pieces: 7, changed: null)), 0, Rounding);
        Assert.All((int[])[0, 5, 20, 40, Prompt - 2], changed =>
            Assert.InRange(Difference(whole, Decode(decoder, Prompt, changed)), Change, double.MaxValue));
    }

    private static float[] Decode(LlamaDecoder decoder, int pieces, int? changed)
    {
        decoder.ClearSequence(0);
        IEnumerable<BatchToken> tokens = Enumerable.Range(0, Prompt)
            .Select(i => new BatchToken(i == changed ? 7 : 10 + (i * 11 % 240), i, 0, i == Prompt - 1));
        int last = 0;
        foreach (BatchToken[] piece in tokens.Chunk(pieces))
        {
            decoder.Decode(piece);
            last = piece.Length - 1;
        }

        return decoder.GetLogits(last).ToArray();
    }

    private static double Difference(float[] one, float[] other) => one.Zip(other, static (a, b) => (double)Math.Abs(a - b)).Max();
}
