using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Tests.Inference;

public sealed class DecoderOptionsTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void For_SmallModel_TakesAllSequencesAndOneThread()
    {
        DecoderOptions options = DecoderOptions.For(Model(512, 2_304, fileBytes: 3_000_000), 4 * GiB, processorCount: 16);

        Assert.Equal((32, 512, 512, 1), (options.SequenceCapacity, options.ContextLength, options.BatchCapacity, options.Threads));
    }

    [Fact]
    public void For_LongTrainedContext_IsCapped() =>
        Assert.Equal(8_192, DecoderOptions.For(Model(131_072, 1_000), 64 * GiB, 8).ContextLength);

    [Theory]
    [InlineData(0, false, 256)]
    [InlineData(8_192, false, 256)]
    [InlineData(4_096, false, null)] // positions differ beyond 4,096 tokens of context
    [InlineData(0, true, null)]
    public void For_RoomAtFirst_IsSmallWhereItMayGrow(long originalContext, bool hasGpu, int? first)
    {
        GgufHeader model = Model(131_072, 1_000) with { OriginalContextLength = originalContext };

        Assert.Equal(first, DecoderOptions.For(model, 64 * GiB, 8, hasGpu).InitialContextLength);
    }

    [Fact]
    public void For_TightMemory_LowersTheSequencesFirst()
    {
        // 131,072 bytes a token: 1 GiB for 8,192 tokens, and a quarter of 16 GiB is 4 GiB.
        DecoderOptions options = DecoderOptions.For(Model(131_072, 131_072), 16 * GiB, 4);

        Assert.Equal((4, 8_192), (options.SequenceCapacity, options.ContextLength));
    }

    [Fact]
    public void For_TighterMemory_LowersTheContextOfOneSequence()
    {
        DecoderOptions options = DecoderOptions.For(Model(131_072, 131_072), 2 * GiB, 4);

        Assert.Equal((1, 4_096), (options.SequenceCapacity, options.ContextLength));
    }

    [Fact]
    public void For_HardlyAnyMemory_KeepsAUsableContext()
    {
        DecoderOptions options = DecoderOptions.For(Model(131_072, 131_072), 1_000_000, 4);

        Assert.Equal((1, 512), (options.SequenceCapacity, options.ContextLength));
    }

    [Fact]
    public void For_ModelThatSaysNothing_TakesTheDefaults()
    {
        DecoderOptions options = DecoderOptions.For(Model(0, 0), 4 * GiB, 4);

        Assert.Equal((32, 8_192), (options.SequenceCapacity, options.ContextLength));
    }

    [Theory]
    [InlineData(63L << 20, 16, 1)]
    [InlineData(64L << 20, 16, 8)]
    [InlineData(64L << 20, 2, 2)]
    public void For_ChoosesThreadsBySizeAndProcessors(long fileBytes, int processors, int threads) =>
        Assert.Equal(threads, DecoderOptions.For(Model(512, 1_000, fileBytes), 4 * GiB, processors).Threads);

    [Theory]
    [InlineData(32, 16, false, false)] // 8,192 × 512 scores of 32 heads, four bytes each: 512 MiB, a thirty-second of 16 GiB
    [InlineData(33, 16, false, true)]
    [InlineData(32, 15, false, true)]
    [InlineData(32, 64, true, true)]
    [InlineData(0, 64, false, true)]
    [InlineData(long.MaxValue, 64, false, true)]
    public void For_FlashAttention_OffOnAProcessorWithRoomForTheScores(long heads, int memory, bool hasGpu, bool flashAttention)
    {
        GgufHeader model = Model(131_072, 1_000) with { AttentionHeads = heads };

        Assert.Equal(flashAttention, DecoderOptions.For(model, memory * GiB, 4, hasGpu).FlashAttention);
    }

    [Theory]
    [InlineData("split", false)]
    [InlineData("unified", true)]
    public void IsUnified_ALayout_IsKnown(string layout, bool unified) => Assert.Equal(unified, DecoderOptions.IsUnified(layout));

    [Fact]
    public void IsUnified_NoLayout_SaysWhichThereAre()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => DecoderOptions.IsUnified("1"));

        Assert.Equal("ORCHARD_ENGINE_KV_CACHE is '1'. Set it to split or unified, or remove it.", e.Message);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("513")]
    [InlineData("many")]
    [InlineData(" 2")]
    public void ParseThreads_Nonsense_NamesTheVariableAndTheValue(string value)
    {
        var error = Assert.Throws<InvalidOperationException>(() => DecoderOptions.ParseThreads(value));

        Assert.Contains(DecoderOptions.ThreadsVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseThreads_Number_IsTaken() => Assert.Equal(3, DecoderOptions.ParseThreads("3"));

    private static GgufHeader Model(int context, long keyValueBytes, long fileBytes = 5 * GiB) => new()
    {
        Path = "test.gguf",
        FileBytes = fileBytes,
        Architecture = "llama",
        ParameterCount = 1,
        ContextLength = context,
        VocabularySize = 1,
        KeyValueBytesPerToken = keyValueBytes,
    };
}
