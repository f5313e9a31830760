using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Serving.Models;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Models on GPUs that have memory of their own, as far as that can be seen without one.</summary>
public sealed class GpuLayersTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(100, null)]
    [InlineData(13, null)]
    [InlineData(12.5, 20)]
    [InlineData(6.5, 10)]
    [InlineData(0.5, 0)]
    [InlineData(0, 0)]
    public void ThatFit_OneGpu_AsManyAsItsMemoryHolds(double freeGigabytes, int? layers) =>
        Assert.Equal(layers, GpuLayers.ThatFit(Model, 4 * GiB, [new ComputeDevice("CUDA0", (long)(freeGigabytes * GiB))]));

    [Fact]
    public void ThatFit_TwoGpus_HoldALayerEachOnly() => Assert.Equal(
        20, GpuLayers.ThatFit(Model, 4 * GiB, [new ComputeDevice("CUDA0", 13 * GiB / 2), new ComputeDevice("CUDA1", 13 * GiB / 2)]));

    [Fact]
    public void ThatFit_NoGpu_IsNotDecided() => Assert.Null(GpuLayers.ThatFit(Model, GiB, []));

    [Fact]
    public void AvailableBytes_MemoryOfGpus_Counts()
    {
        long without = Loader([]).AvailableBytes;
        long with = Loader([new ComputeDevice("CUDA0", 1L << 50), new ComputeDevice("CUDA1", 1L << 50)]).AvailableBytes;

        Assert.InRange(with - without, (2L << 50) - (64 * GiB), (2L << 50) + (64 * GiB));
    }

    [Fact]
    public async Task Load_GpuWithoutFreeMemory_SettingsStayTheClients()
    {
        LlamaModelLoader loader = Loader([new ComputeDevice("CUDA0", 0)]);
        await using LoadedModelHandle model = await loader.LoadAsync(
            StarterModel.FilePath, ModelSettings.Default, GiB, new Progress<float>(), TestContext.Current.CancellationToken);

        Assert.Null(model.Settings.Requested.GpuLayers);
        Assert.Null(model.Settings.ConflictWith(new ModelSettings { GpuLayers = 3 }));
    }

    // With 4 GiB for the KV cache, a layer takes 0.58 GiB.
    private static GgufHeader Model => new()
    {
        Path = "test.gguf",
        FileBytes = 3 * GiB,
        OtherBytes = 5 * GiB,
        LayerCount = 20,
        Architecture = "llama",
        ParameterCount = 1,
        ContextLength = 4_096,
        VocabularySize = 1,
    };

    private static LlamaModelLoader Loader(IReadOnlyList<ComputeDevice> gpus) => new(new DecoderOverrides(), NullLogger.Instance, findGpus: _ => gpus);
}
