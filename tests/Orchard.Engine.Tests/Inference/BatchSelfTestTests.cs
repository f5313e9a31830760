using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Trials;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Architectures that the library computes wrongly when the prompts of several sequences are in one batch, and some others.</summary>
public sealed class BatchSelfTestTests
{
    private const int Prompt = 20;
    private const float Tolerance = 1e-3f;

    [Theory]
    [InlineData("llama", true)]
    [InlineData("gemma3", true)]
    [InlineData("mamba2", true)]
    [InlineData("qwen3moe", true)]
    [InlineData("lfm2", true)]
    [InlineData("plamo2", false)]
    [InlineData("rwkv6qwen2", false)]
    [InlineData("arwkv7", false)]
    public async Task Run_Architecture_FindsWhatTheLibraryComputesWrongly(string architecture, bool isRight)
    {
        using var folder = new TemporaryFolder();
        using LlamaModel model = await LoadAsync(folder, architecture);
        using LlamaDecoder decoder = CreateDecoder(model);

        Assert.Equal(isRight, new BatchSelfTest(decoder, TimeProvider.System).Run());
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("plamo2")]
    [InlineData("rwkv6qwen2")]
    [InlineData("arwkv7")]
    public async Task DecodesApart_BatchOfThree_GivesWhatEachGivesAlone(string architecture)
    {
        using var folder = new TemporaryFolder();
        using LlamaModel model = await LoadAsync(folder, architecture);
        using LlamaDecoder together = CreateDecoder(model);
        using LlamaDecoder alone = CreateDecoder(model);
        together.DecodesApart = true;

        together.Decode([.. Tokens(0), .. Tokens(1), .. Tokens(2)]);
        float[][] prompts = [.. Enumerable.Range(0, 3).Select(slot => together.GetLogits(((slot + 1) * Prompt) - 1).ToArray())];
        together.Decode([Next(0), Next(1), Next(2)]);

        for (int slot = 0; slot < 3; slot++)
        {
            alone.Decode([.. Tokens(slot)]);
            AssertSame(alone.GetLogits(Prompt - 1), prompts[slot]);
            alone.Decode([Next(slot)]);
            AssertSame(alone.GetLogits(0), together.GetLogits(slot));
        }
    }

    private static async Task<LlamaModel> LoadAsync(TemporaryFolder folder, string architecture) => await LlamaModel.LoadAsync(
        ModelArchitecture.Named(architecture).Write(Path.Combine(folder.Path, "model.gguf")),
        settings: null,
        progress: null,
        TestContext.Current.CancellationToken);

    private static LlamaDecoder CreateDecoder(LlamaModel model) =>
        new(model, new DecoderOptions { SequenceCapacity = 4, ContextLength = 256, BatchCapacity = 64 });

    private static IEnumerable<BatchToken> Tokens(int slot) => Enumerable.Range(0, Prompt)
        .Select(i => new BatchToken(10 + (((slot * 37) + (i * 11)) % 240), i, slot, i == Prompt - 1));

    private static BatchToken Next(int slot) => new(50 + slot, Prompt, slot, true);

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - Tolerance, expected[i] + Tolerance);
        }
    }
}
