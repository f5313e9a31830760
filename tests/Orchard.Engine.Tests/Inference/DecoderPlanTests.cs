using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Tests.Inference;

public sealed class DecoderPlanTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void Within_SmallModel_TakesAllSequencesAndOneThread()
    {
        DecoderOptions options = Plan(Model(512, 2_304, fileBytes: 3_000_000), processors: 16).Within(GiB);

        Assert.Equal((32, 512, 512, 1), (options.SequenceCapacity, options.ContextLength, options.BatchCapacity, options.Threads));
        Assert.Equal((ContextLimit.Model, 32 * 512L), (options.ContextLimit, options.TokenCapacity));
    }

    [Fact]
    public void Within_EnoughMemory_GivesTheContextThatTheModelWasTrainedWith()
    {
        DecoderOptions options = Plan(Model(131_072, 1_000)).Within(16 * GiB);

        Assert.Equal((131_072, ContextLimit.Model), (options.ContextLength, options.ContextLimit));
    }

    [Theory]
    [InlineData(0, false, 256)]
    [InlineData(131_072, false, 256)]
    [InlineData(4_096, false, null)] // positions differ beyond 4,096 tokens of context
    [InlineData(0, true, null)]
    public void Within_RoomAtFirst_IsSmallWhereItMayGrow(long originalContext, bool hasGpu, int? first)
    {
        GgufHeader model = Model(131_072, 1_000) with { OriginalContextLength = originalContext };

        Assert.Equal(first, Plan(model, hasGpu: hasGpu).Within(16 * GiB).InitialContextLength);
    }

    [Fact]
    public void Within_ScarceMemory_LimitsTheTokensOfAllSequencesTogether()
    {
        // 131,072 bytes per token: 8,192 tokens per GiB.
        DecoderOptions options = Plan(Model(8_192, 131_072), reserves: true).Within(4 * GiB);

        Assert.Equal((32, 8_192, 32_768L), (options.SequenceCapacity, options.ContextLength, options.TokenCapacity));
        Assert.Equal(ContextLimit.Model, options.ContextLimit);
    }

    [Fact]
    public void Within_ScarceMemoryThatIsTakenAtOnce_LowersTheSequences()
    {
        DecoderOptions options = Plan(Model(8_192, 131_072)).Within(4 * GiB);

        Assert.Equal((4, 8_192), (options.SequenceCapacity, options.ContextLength));
    }

    [Fact]
    public void Within_ScarcerMemory_LimitsTheContext()
    {
        DecoderOptions options = Plan(Model(131_072, 131_072), reserves: true).Within(GiB);

        Assert.Equal((8_192, ContextLimit.Memory, 8_192L), (options.ContextLength, options.ContextLimit, options.TokenCapacity));
    }

    [Fact]
    public void Within_RecurrentState_LeavesMemoryForIt()
    {
        // 32 sequences and 64 copies of 10 MB each, beside 8,192 tokens per GiB.
        DecoderOptions options = Plan(Model(8_192, 131_072) with { StateBytes = 10_000_000 }, reserves: true).Within(4 * GiB);

        Assert.Equal((32, 640_000_000L), (options.SequenceCapacity, options.CheckpointBytes));
        Assert.Equal(((4 * GiB) - 320_000_000 - 640_000_000) / 131_072, options.TokenCapacity);
    }

    [Fact]
    public void Within_RecurrentStateAndScarceMemory_LowersTheSequences()
    {
        DecoderOptions options = Plan(Model(8_192, 131_072) with { StateBytes = 100_000_000 }, reserves: true).Within(GiB);

        Assert.Equal((5, GiB / 4), (options.SequenceCapacity, options.CheckpointBytes));
    }

    [Fact]
    public void CheckpointBytes_AreAFewForALargeStateAndAsManyAsAreUsefulForASmallOne()
    {
        Assert.Equal(0, Plan(Model(8_192, 1_000)).CheckpointBytes);
        Assert.Equal(64_000, Plan(Model(8_192, 1_000) with { StateBytes = 1_000 }).CheckpointBytes);
        Assert.Equal(20 * GiB, Plan(Model(8_192, 1_000) with { StateBytes = 10 * GiB }).CheckpointBytes);
    }

    [Fact]
    public void Within_HardlyAnyMemory_KeepsAUsableContext() =>
        Assert.Equal(512, Plan(Model(131_072, 131_072)).Within(1_000_000).ContextLength);

    [Fact]
    public void Within_ModelThatSaysNothing_TakesTheDefaults()
    {
        DecoderOptions options = Plan(Model(0, 0)).Within(GiB);

        Assert.Equal((32, 8_192), (options.SequenceCapacity, options.ContextLength));
    }

    [Theory]
    [InlineData(4_096, 4_096, ContextLimit.Option)]
    [InlineData(131_072, 131_072, ContextLimit.Option)]
    [InlineData(200_000, 131_072, ContextLimit.Model)]
    public void Within_RequiredContext_IsGivenUpToThatOfTheModel(int required, int given, object limit)
    {
        var settings = new ModelSettings { ContextLength = required, Sequences = 2 };

        DecoderOptions options = Plan(Model(131_072, 1_000), settings).Within(16 * GiB);

        Assert.Equal((given, limit, 2), (options.ContextLength, (object)options.ContextLimit, options.SequenceCapacity));
    }

    [Fact]
    public void Within_RequiredContextWithRope_CanBeLongerThanThatOfTheModel()
    {
        var settings = new ModelSettings { ContextLength = 16_384, Rope = new RopeSettings("linear", FrequencyScale: 0.5) };

        Assert.Equal(16_384, Plan(Model(8_192, 1_000), settings).Within(16 * GiB).ContextLength);
    }

    [Fact]
    public void CacheBytes_SmallerTypes_TakeLess()
    {
        GgufHeader model = Model(8_192, 4 * 1024);

        Assert.Equal(4 * 1024, Plan(model).CacheBytes(1));
        Assert.Equal(2 * 1024 * 17 / 16, Plan(model, new ModelSettings { KeyType = CacheType.Q8, ValueType = CacheType.Q8 }).CacheBytes(1));
        Assert.Equal(2 * 1024 * 9 / 16, Plan(model, new ModelSettings { KeyType = CacheType.Q4, ValueType = CacheType.Q4 }).CacheBytes(1));
    }

    [Theory]
    [InlineData(63L << 20, 16, 1)]
    [InlineData(64L << 20, 16, 8)]
    [InlineData(64L << 20, 2, 2)]
    public void Within_ChoosesThreadsBySizeAndProcessors(long fileBytes, int processors, int threads) =>
        Assert.Equal(threads, Plan(Model(512, 1_000, fileBytes), processors: processors).Within(GiB).Threads);

    [Theory]
    [InlineData(32, 16, false, false)] // 131,072 × 32 scores of 32 heads, four bytes each: 512 MiB, a thirty-second of 16 GiB
    [InlineData(33, 16, false, true)]
    [InlineData(32, 15, false, true)]
    [InlineData(32, 64, true, true)]
    [InlineData(0, 64, false, true)]
    [InlineData(long.MaxValue, 64, false, true)]
    public void Within_FlashAttention_OffOnAProcessorWithRoomForTheScores(long heads, int memory, bool hasGpu, bool flashAttention)
    {
        GgufHeader model = Model(131_072, 1_000) with { AttentionHeads = heads };
        var plan = new DecoderPlan(model, ModelSettings.Default, new Machine(memory * GiB, 4, hasGpu));

        Assert.Equal(flashAttention, plan.Within(16 * GiB).FlashAttention);
    }

    [Fact]
    public void Within_QuantizedValues_UseFlashAttention() =>
        Assert.True(Plan(Model(512, 1_024) with { AttentionHeads = 1 }, new ModelSettings { ValueType = CacheType.Q8 }).Within(GiB).FlashAttention);

    private static DecoderPlan Plan(
        GgufHeader model, ModelSettings? settings = null, int processors = 4, bool hasGpu = false, bool reserves = false) =>
        new(model, settings ?? ModelSettings.Default, new Machine(64 * GiB, processors, hasGpu, reserves));

    private static GgufHeader Model(int context, long keyValueBytes, long fileBytes = 5 * GiB) => new()
    {
        Path = "test.gguf",
        FileBytes = fileBytes,
        Architecture = "llama",
        ParameterCount = 1,
        ContextLength = context,
        VocabularySize = 1,
        KeysPerToken = keyValueBytes / 4,
        ValuesPerToken = keyValueBytes / 4,
    };
}
