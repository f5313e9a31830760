using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference;

/// <summary>States that are copied out of one decoder go on in another one.</summary>
public sealed class StateTests
{
    // Tokens computed in other groups give sums in another order; quantized values are rounded.
    private const float Tolerance = 1e-3f;

    private static readonly DecoderOptions Plain =
        new() { SequenceCapacity = 4, ContextLength = 256, BatchCapacity = 128, ReservesMemory = true, FlashAttention = false };

    public static TheoryData<string> Layouts { get; } = ["plain", "flash", "q8", "unified"];

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task RestoreState_FirstTokensInAnotherDecoder_GoesOnFromThere(string layout)
    {
        await WithModelAsync(model =>
        {
            using var first = new LlamaDecoder(model, OptionsOf(layout));
            Feed(first, slot: 2, 0, 60);
            float[] expected = Feed(first, slot: 3, 0, 50);
            using NativeBuffer state = first.SaveState(2, long.MaxValue)!;

            using var second = new LlamaDecoder(model, OptionsOf(layout));
            Feed(second, slot: 0, 0, 30, seed: 5);
            Assert.True(second.RestoreState(1, state, 40));

            AssertClose(expected, Feed(second, slot: 1, 40, 10));
            AssertClose(expected, Feed(second, slot: 2, 0, 50)); // the others are as they were
        });
    }

    [Fact]
    public async Task RestoreState_OfAnotherLayout_IsRefusedAndTheSlotIsEmpty()
    {
        await WithModelAsync(model =>
        {
            using var first = new LlamaDecoder(model, OptionsOf("flash"));
            Feed(first, slot: 0, 0, 60);
            using NativeBuffer state = first.SaveState(0, long.MaxValue)!;
            using var second = new LlamaDecoder(model, Plain);
            float[] expected = Feed(second, slot: 3, 0, 20);
            Feed(second, slot: 1, 0, 30, seed: 5);

            Assert.False(second.RestoreState(1, state, 60));

            AssertClose(expected, Feed(second, slot: 1, 0, 20));
        });
    }

    [Fact]
    public async Task SaveState_OfACopyThatTheLibraryHasNotMade_IsRefusedUntilTheNextDecode()
    {
        await WithModelAsync(model =>
        {
            using var decoder = new LlamaDecoder(model, Plain);
            float[] expected = Feed(decoder, slot: 0, 0, 50);
            Feed(decoder, slot: 1, 0, 40);
            Assert.True(decoder.CopySequence(1, 2, 40));

            Assert.True(decoder.HasPendingCopies);
            Assert.Null(decoder.SaveState(2, long.MaxValue));
            Feed(decoder, slot: 3, 0, 10, seed: 5);
            using NativeBuffer state = decoder.SaveState(2, long.MaxValue)!;
            Assert.True(decoder.RestoreState(3, state, 40));

            AssertClose(expected, Feed(decoder, slot: 3, 40, 10));
        });
    }

    [Fact]
    public async Task SaveState_LargerThanAllowed_IsNotCopied()
    {
        await WithModelAsync(model =>
        {
            using var decoder = new LlamaDecoder(model, Plain);
            Feed(decoder, slot: 0, 0, 60);
            using NativeBuffer state = decoder.SaveState(0, long.MaxValue)!;

            Assert.Null(decoder.SaveState(0, state.Length - 1));
        });
    }

    private static DecoderOptions OptionsOf(string layout) => layout switch
    {
        "flash" => Plain with { FlashAttention = true },
        "q8" => Plain with { FlashAttention = true, KeyType = CacheType.Q8, ValueType = CacheType.Q8 },
        "unified" => Plain with { UnifiedKeyValueCache = true },
        _ => Plain,
    };

    private static async Task WithModelAsync(Action<LlamaModel> test)
    {
        using var folder = new TemporaryFolder();
        string path = ModelArchitecture.Named("llama").Write(Path.Combine(folder.Path, "model.gguf"));
        using LlamaModel model = await LlamaModel.LoadAsync(path, settings: null, null, TestContext.Current.CancellationToken);
        test(model);
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.InRange(expected.Zip(actual, static (one, other) => Math.Abs(one - other)).Max(), 0, Tolerance);

    // The logits of the last token.
    private static float[] Feed(LlamaDecoder decoder, int slot, int start, int count, int seed = 0)
    {
        decoder.Decode([.. Enumerable.Range(start, count).Select(i => new BatchToken((seed + (i * 13)) % 60, i, slot, i == start + count - 1))]);
        return decoder.GetLogits(count - 1).ToArray();
    }
}
