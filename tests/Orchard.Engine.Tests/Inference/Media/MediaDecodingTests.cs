using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>Images and sounds in the KV cache, with all kinds of positions and attention.</summary>
public sealed class MediaDecodingTests
{
    private const string Before = "one two three";
    private const string After = " four five";
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Kinds => MediaModel.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Logits_AreThoseOfTheLibrarysOwnLoop(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        using MtmdProjectorHandle projector = MtmdProjectorHandle.Load(model.ProjectorPath, model.Model.Handle, 1, usesGpu: false, out _);
        using LlamaDecoder reference = model.CreateDecoder();
        using LlamaDecoder decoder = model.CreateDecoder();
        MediaInput input = model.Input(seed: 1);

        float[] expected = MtmdReference.Logits(projector, reference, Before, input.File.ToArray(), After);
        float[] logits = Decode(decoder, await model.TokenizeAsync(Before, input, After), slot: 2, share: 64);

        AssertClose(expected, logits);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Logits_DependOnTheImage(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        using LlamaDecoder decoder = model.CreateDecoder();

        float[] first = Decode(decoder, await model.TokenizeAsync(Before, model.Input(seed: 1), After), slot: 0);
        float[] second = Decode(decoder, await model.TokenizeAsync(Before, model.Input(seed: 2), After), slot: 1);
        float[] again = Decode(decoder, await model.TokenizeAsync(Before, model.Input(seed: 1), After), slot: 2);

        Assert.True(Distance(first, second) > 100 * Tolerance, $"The logits differ by {Distance(first, second)} only.");
        AssertClose(first, again);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Logits_OfAnImageDecodedInParts_AreTheSame(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        using LlamaDecoder decoder = model.CreateDecoder();
        PromptTokens prompt = await model.TokenizeAsync(Before, model.Input(seed: 1), After);

        float[] whole = Decode(decoder, prompt, slot: 0, share: 64);
        float[] parts = Decode(decoder, prompt, slot: 1, share: 5);

        AssertClose(whole, parts);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Trim_BehindAnImage_LeavesIt(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        using LlamaDecoder decoder = model.CreateDecoder();
        PromptTokens first = await model.TokenizeAsync(Before, model.Input(seed: 1), After);
        PromptTokens second = await model.TokenizeAsync(Before, model.Input(seed: 1), " six seven eight");
        int common = first.Tokens.AsSpan().CommonPrefixLength(second.Tokens);
        float[] expected = Decode(decoder, second, slot: 0);

        Decode(decoder, first, slot: 1);
        Assert.True(decoder.TrimSequence(1, first.Media!.LengthOf(common)));
        float[] continued = Decode(decoder, second, slot: 1, from: common);

        Assert.Contains(second.Tokens[..common], static token => token < 0);
        AssertClose(expected, continued);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Copy_OfASlotWithAnImage_GivesTheSame(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        using LlamaDecoder decoder = model.CreateDecoder();
        PromptTokens prompt = await model.TokenizeAsync(Before, model.Input(seed: 1), After);
        float[] expected = Decode(decoder, prompt, slot: 0);
        int kept = prompt.Tokens.Length - 1;

        Assert.True(decoder.CopySequence(0, 3, prompt.Media!.LengthOf(kept)));
        float[] continued = Decode(decoder, prompt, slot: 3, from: kept);

        AssertClose(expected, continued);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KvCacheThatGrows_KeepsImages(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        DecoderOptions options = MediaModel.Options with { ContextLength = 512 };
        using LlamaDecoder large = model.CreateDecoder(options);
        using LlamaDecoder growing = model.CreateDecoder(options with { InitialContextLength = 256 });
        PromptTokens prompt = await model.TokenizeAsync(Before, model.Input(seed: 1), After);
        float[] expected = Decode(large, prompt, slot: 0);
        int kept = prompt.Tokens.Length - 1;

        Decode(growing, prompt, slot: 0);
        while (!growing.TryReserve(400))
        {
            await Task.Yield();
        }

        Assert.True(growing.TrimSequence(0, prompt.Media!.LengthOf(kept)));
        AssertClose(expected, Decode(growing, prompt, slot: 0, from: kept));
    }

    [Fact]
    public async Task Prompt_EndingWithAnImage_HasLogits()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");
        using LlamaDecoder decoder = model.CreateDecoder();

        float[] logits = Decode(decoder, await model.TokenizeAsync(Before, model.Input(seed: 1)), slot: 0);

        Assert.Contains(logits, static logit => logit != 0);
    }

    private static float[] Decode(LlamaDecoder decoder, PromptTokens prompt, int slot, int share = 16, int from = 0)
    {
        int last = 0;
        for (int at = from; at < prompt.Tokens.Length;)
        {
            int count;
            if (prompt.Media!.At(at) is { } span)
            {
                count = span.Chunk.IsNonCausal ? span.End - at : Math.Min(share, span.End - at);
                bool isLast = at + count == prompt.Tokens.Length;
                decoder.Decode(new MediaBatch(
                    span.Chunk, at - span.Start, count, prompt.Media.PositionOf(span.Start), slot, NeedsLogits: isLast));
            }
            else
            {
                count = Math.Min(share, prompt.Media.NextFrom(at, prompt.Tokens.Length) - at);
                decoder.Decode([
                    .. Enumerable.Range(at, count).Select(i => new BatchToken(
                        prompt.Tokens[i], prompt.Media.PositionOf(i), slot, i == prompt.Tokens.Length - 1)),
                ]);
            }

            last = count - 1;
            at += count;
        }

        return decoder.GetLogits(last).ToArray();
    }

    private static double Distance(float[] first, float[] second) =>
        first.Zip(second, static (a, b) => Math.Abs((double)a - b)).Max();

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.True(Distance(expected, actual) <= Tolerance, $"The logits differ by {Distance(expected, actual)}.");
}
