using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Native;

/// <summary>Struct layouts, default values and tensor types match the loaded library.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void Structs_HaveTheSizesOfTheLibrary()
    {
        Assert.Equal(80, Unsafe.SizeOf<LlamaModelParams>());
        Assert.Equal(160, Unsafe.SizeOf<LlamaContextParams>());
        Assert.Equal(56, Unsafe.SizeOf<LlamaBatch>());
        Assert.Equal(528, Unsafe.SizeOf<LlamaThreadPoolParams>());
    }

    [Theory]
    [InlineData(nameof(LlamaModelParams.GpuLayerCount), 16)]
    [InlineData(nameof(LlamaModelParams.MainGpu), 32)]
    [InlineData(nameof(LlamaModelParams.TensorSplit), 40)]
    [InlineData(nameof(LlamaModelParams.ProgressCallback), 48)]
    [InlineData(nameof(LlamaModelParams.ProgressCallbackUserData), 56)]
    [InlineData(nameof(LlamaModelParams.KeyValueOverrides), 64)]
    [InlineData(nameof(LlamaModelParams.VocabularyOnly), 72)]
    [InlineData(nameof(LlamaModelParams.LoadMtp), 77)]
    public void ModelParams_FieldsLieAtTheirOffsets(string field, int offset) =>
        Assert.Equal(offset, Marshal.OffsetOf<LlamaModelParams>(field));

    [Theory]
    [InlineData(nameof(LlamaContextParams.MaxOutputsPerSequence), 24)]
    [InlineData(nameof(LlamaContextParams.FlashAttentionType), 52)]
    [InlineData(nameof(LlamaContextParams.RopeFrequencyBase), 56)]
    [InlineData(nameof(LlamaContextParams.YarnOriginalContext), 80)]
    [InlineData(nameof(LlamaContextParams.EvaluationCallback), 88)]
    [InlineData(nameof(LlamaContextParams.KeyType), 104)]
    [InlineData(nameof(LlamaContextParams.AbortCallback), 112)]
    [InlineData(nameof(LlamaContextParams.Embeddings), 128)]
    [InlineData(nameof(LlamaContextParams.UnifiedKeyValueCache), 133)]
    [InlineData(nameof(LlamaContextParams.Samplers), 136)]
    [InlineData(nameof(LlamaContextParams.OtherContext), 152)]
    public void ContextParams_FieldsLieAtTheirOffsets(string field, int offset) =>
        Assert.Equal(offset, Marshal.OffsetOf<LlamaContextParams>(field));

    [Theory]
    [InlineData(nameof(LlamaBatch.Tokens), 8)]
    [InlineData(nameof(LlamaBatch.SequenceIds), 40)]
    [InlineData(nameof(LlamaBatch.WantsLogits), 48)]
    public void Batch_FieldsLieAtTheirOffsets(string field, int offset) => Assert.Equal(offset, Marshal.OffsetOf<LlamaBatch>(field));

    [Fact]
    public void ModelParams_DefaultsOfTheLibrary_LandInTheirFields()
    {
        _ = LlamaLibrary.Load();

        LlamaModelParams defaults = LlamaApi.llama_model_default_params();

        Assert.Equal((-1, 1, -1, 1, 0), (defaults.GpuLayerCount, defaults.SplitMode, defaults.LoadMode, defaults.LazyMode, defaults.MainGpu));
        Assert.Equal((0, 0, 0), (defaults.Devices, defaults.ProgressCallback, defaults.KeyValueOverrides));
        Assert.Equal((0, 0, 1), (defaults.VocabularyOnly, defaults.CheckTensors, defaults.UseExtraBufferTypes));
    }

    [Fact]
    public void ContextParams_DefaultsOfTheLibrary_LandInTheirFields()
    {
        _ = LlamaLibrary.Load();

        LlamaContextParams defaults = LlamaApi.llama_context_default_params();

        Assert.Equal((512u, 2048u, 512u, 1u), (defaults.ContextLength, defaults.BatchSize, defaults.MicroBatchSize, defaults.MaxSequences));
        Assert.Equal((0u, 1u, 4, 4), (defaults.MaxOutputs, defaults.MaxOutputsPerSequence, defaults.Threads, defaults.BatchThreads));
        Assert.Equal((-1, -1), (defaults.RopeScalingType, defaults.FlashAttentionType));
        Assert.Equal((-1f, -1f, -1f), (defaults.YarnExtensionFactor, defaults.YarnBetaSlow, defaults.DefragmentationThreshold));
        Assert.Equal((1, 1), (defaults.KeyType, defaults.ValueType));
        Assert.Equal((0, 1, 1, 0), (defaults.Embeddings, defaults.OffloadKqv, defaults.FullSlidingWindowCache, defaults.UnifiedKeyValueCache));
        Assert.Equal((0, 0u, 0), (defaults.Samplers, (uint)defaults.SamplerCount, defaults.OtherContext));
    }

    [Fact]
    public void ThreadPoolParams_DefaultsOfTheLibrary_LandInTheirFields()
    {
        _ = LlamaLibrary.Load();

        LlamaApi.ggml_threadpool_params_init(out LlamaThreadPoolParams defaults, 3);

        Assert.Equal((3, 0, 50u), (defaults.Threads, defaults.Priority, defaults.Poll));
        Assert.Equal((0, 0), (defaults.StrictProcessors, defaults.Paused));
    }

    [Fact]
    public void TensorTypes_SizesAreThoseOfTheLibrary()
    {
        nint ggml = NativeLibrary.Load(NativeFiles.Find(LlamaLibrary.Load().Folder).GgmlBase);
        var blockSize = Marshal.GetDelegateForFunctionPointer<BlockSize>(NativeLibrary.GetExport(ggml, "ggml_blck_size"));
        var typeSize = Marshal.GetDelegateForFunctionPointer<TypeSize>(NativeLibrary.GetExport(ggml, "ggml_type_size"));

        for (uint type = 0; type < 42; type++) // the types that every known release has
        {
            if (GgufTensorType.Find(type) is (_, int elements, int bytes))
            {
                Assert.Equal((type, blockSize(type), (int)typeSize(type)), (type, elements, bytes));
            }
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate long BlockSize(uint type);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint TypeSize(uint type);
}
