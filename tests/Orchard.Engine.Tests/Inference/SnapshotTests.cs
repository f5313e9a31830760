using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference;

/// <summary>What a decoder keeps of sequences whose state cannot be rewound.</summary>
public sealed class SnapshotTests
{
    // Tokens computed in other groups give sums in another order.
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Recurrent { get; } =
    [
        .. ModelArchitecture.All.Where(static model => model.Kind is ModelKind.Recurrent or ModelKind.Hybrid).Select(static model => model.Name),
    ];

    /// <summary>All but one, whose state consists of parts of KV caches.</summary>
    public static TheoryData<string> Estimated { get; } = [.. Recurrent.Select(static row => row.Data).Where(static name => name != "deepseek4")];

    [Theory]
    [MemberData(nameof(Recurrent))]
    public async Task TrimSequence_ToWhatItHolds_KeepsIt(string architecture)
    {
        await WithDecoderAsync(architecture, decoder =>
        {
            float[] expected = Feed(decoder, slot: 0, 0, 60);
            Feed(decoder, slot: 1, 0, 40);

            Assert.True(decoder.TrimSequence(1, 40));

            AssertClose(expected, Feed(decoder, slot: 1, 40, 20));
        });
    }

    [Theory]
    [MemberData(nameof(Recurrent))]
    public async Task RestoreSnapshot_AfterMoreTokens_GoesOnFromThere(string architecture)
    {
        await WithDecoderAsync(architecture, decoder =>
        {
            float[] expected = Feed(decoder, slot: 0, 0, 60);
            Feed(decoder, slot: 1, 0, 40);
            using SequenceSnapshot snapshot = decoder.TakeSnapshot(1)!;
            Feed(decoder, slot: 1, 40, 100, seed: 5);
            Assert.True(decoder.RestoreSnapshot(1, snapshot, 40));

            AssertClose(expected, Feed(decoder, slot: 1, 40, 20));
        });
    }

    [Theory]
    [MemberData(nameof(Recurrent))]
    public async Task RestoreSnapshot_InACopy_LeavesTheSourceAsItIs(string architecture)
    {
        await WithDecoderAsync(architecture, decoder =>
        {
            float[] expected = Feed(decoder, slot: 3, 0, 60);
            float[] other = Feed(decoder, slot: 3, 60, 30, seed: 5);
            Feed(decoder, slot: 0, 0, 40);
            using SequenceSnapshot snapshot = decoder.TakeSnapshot(0)!;
            Feed(decoder, slot: 0, 40, 20);

            Assert.True(decoder.CopySequence(0, 2, 60));
            Assert.True(decoder.RestoreSnapshot(2, snapshot, 40));

            AssertClose(expected, Feed(decoder, slot: 2, 40, 20));
            AssertClose(other, Feed(decoder, slot: 0, 60, 30, seed: 5));
        });
    }

    [Fact]
    public async Task RestoreSnapshot_OfARecurrentModel_NeedsNoTokensInTheSlot()
    {
        await WithDecoderAsync("mamba2", decoder =>
        {
            Assert.True(decoder.SnapshotsAreComplete);
            float[] expected = Feed(decoder, slot: 0, 0, 60);
            Feed(decoder, slot: 1, 0, 40);
            using SequenceSnapshot snapshot = decoder.TakeSnapshot(1)!;
            decoder.ClearSequence(1);

            Assert.True(decoder.RestoreSnapshot(2, snapshot, 40));

            AssertClose(expected, Feed(decoder, slot: 2, 40, 20));
        });
    }

    [Theory]
    [MemberData(nameof(Recurrent))]
    public async Task TrimSequence_BeforeItsEnd_Fails(string architecture)
    {
        await WithDecoderAsync(architecture, decoder =>
        {
            float[] expected = Feed(decoder, slot: 0, 0, 20);
            Feed(decoder, slot: 1, 0, 40, seed: 5);

            Assert.False(decoder.CanRewind);
            Assert.False(decoder.TrimSequence(1, 30));

            AssertClose(expected, Feed(decoder, slot: 1, 0, 20));
        });
    }

    [Theory]
    [MemberData(nameof(Estimated))]
    public async Task TakeSnapshot_HasTheSizeThatIsEstimatedFromTheHeader(string architecture)
    {
        await WithDecoderAsync(architecture, (decoder, model) =>
        {
            Feed(decoder, slot: 0, 0, 60);

            using SequenceSnapshot snapshot = decoder.TakeSnapshot(0)!;

            Assert.InRange(snapshot.Bytes, model.Header.StateBytes, model.Header.StateBytes + 1_000); // with a description of each layer
        });
    }

    [Fact]
    public async Task TakeSnapshot_OfAModelThatRewinds_IsNotNeeded()
    {
        await WithDecoderAsync("llama", decoder =>
        {
            Feed(decoder, slot: 0, 0, 20);

            Assert.Null(decoder.TakeSnapshot(0));
        });
    }

    private static Task WithDecoderAsync(string architecture, Action<LlamaDecoder> test) =>
        WithDecoderAsync(architecture, (decoder, _) => test(decoder));

    private static async Task WithDecoderAsync(string architecture, Action<LlamaDecoder, LlamaModel> test)
    {
        using var folder = new TemporaryFolder();
        string path = ModelArchitecture.Named(architecture).Write(Path.Combine(folder.Path, "model.gguf"));
        using LlamaModel model = await LlamaModel.LoadAsync(path, settings: null, null, TestContext.Current.CancellationToken);
        using var decoder = new LlamaDecoder(
            model, new DecoderOptions { SequenceCapacity = 4, ContextLength = 256, BatchCapacity = 128, ReservesMemory = true });
        test(decoder, model);
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
