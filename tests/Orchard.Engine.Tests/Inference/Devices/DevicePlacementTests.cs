using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Files;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference.Devices;

/// <summary>Loads onto GPUs that do not exist, as far as they can be observed without one.</summary>
public sealed class DevicePlacementTests : IDisposable
{
    private const long MiB = 1L << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly List<DevicePlan?> _loads = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NoGpu_TheLibraryDecides()
    {
        await LoadAsync([], ModelSettings.Default);
        Assert.Null(Assert.Single(_loads));
    }

    [Fact]
    public async Task ProcessorThatIsNamed_IsUsedAlone()
    {
        await LoadAsync([], ModelSettings.Default with { Devices = ["cpu"] });
        Assert.True(Assert.Single(_loads)!.IsOnHost);
    }

    [Fact]
    public async Task LoadThatFails_IsRepeatedOnceWithLess()
    {
        await LoadAsync([Gpu(2048)], ModelSettings.Default, failures: 1);

        Assert.Equal(2, _loads.Count);
        Assert.True(_loads[1]!.Shares.Sum(share => share.Bytes) < _loads[0]!.Shares.Sum(share => share.Bytes), $"{_loads[0]} and then {_loads[1]}");
        Assert.Empty(Directory.GetFiles(_folder.Path));

        _loads.Clear();
        await Assert.ThrowsAsync<DecodeException>(() => LoadAsync([Gpu(2048)], ModelSettings.Default, failures: 2));
        Assert.Equal(2, _loads.Count);
    }

    [Fact]
    public async Task LoadThatEndedTheEngine_IsRepeatedWithLess_AndThenOnTheProcessor()
    {
        await LoadAsync([Gpu(2048)], ModelSettings.Default);
        Loads.Begin(StarterModel.FilePath); // and never disposed
        await LoadAsync([Gpu(2048)], ModelSettings.Default);
        Loads.Begin(StarterModel.FilePath);
        await LoadAsync([Gpu(2048)], ModelSettings.Default);
        _time.Advance(TimeSpan.FromHours(25));
        await LoadAsync([Gpu(2048)], ModelSettings.Default);

        Assert.True(_loads[1]!.Shares[0].Bytes < _loads[0]!.Shares[0].Bytes);
        Assert.True(_loads[2]!.IsOnHost);
        Assert.Equal(_loads[0]!.Shares[0].Bytes, _loads[3]!.Shares[0].Bytes);
    }

    [Fact]
    public async Task RequiredLayersThatDoNotFit_AreRefusedWithNumbers()
    {
        var refusal = await Assert.ThrowsAsync<Orchard.Engine.Serving.Models.InsufficientMemoryException>(
            () => LoadAsync([Gpu(16)], ModelSettings.Default with { GpuLayers = -1 }));

        Assert.Empty(_loads);
        Assert.Contains("All layers", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("16 MiB of CUDA0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("GpuLayers", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 3000)]
    [InlineData(2048, 1048)]
    [InlineData(500, 0)]
    public void LimitOfDeviceMemory_CountsWhatOthersUse(int? limit, long free) =>
        Assert.Equal(free, new ComputeDevice("CUDA0", 3000, 4000).Within(limit).FreeBytes);

    [Fact]
    public void AvailableBytes_MemoryOfGpusCounts_UnlessItIsThatOfTheSystem()
    {
        long without = Loader([Gpu(1 << 30) with { SharesMemory = true }]).AvailableBytes;
        long with = Loader([Gpu(1 << 30), Gpu(1 << 30)]).AvailableBytes;

        Assert.InRange(with - without, (2L << 50) - (64L << 30), (2L << 50) + (64L << 30));
    }

    [Fact]
    public async Task GpuWithoutFreeMemory_SettingsStayTheClients()
    {
        LlamaModelLoader loader = Loader([Gpu(0)]);
        await using LoadedModelHandle model = await loader.LoadAsync(
            StarterModel.FilePath, ModelSettings.Default, 1L << 30, new Progress<float>(), TestContext.Current.CancellationToken);

        Assert.Null(model.Settings.Requested.GpuLayers);
        Assert.Null(model.Settings.ConflictWith(new ModelSettings { GpuLayers = 3 }));
        Assert.Null(model.Description.Facts!.Devices);
    }

    private DeviceLoads Loads => new(new ResultFolder(_folder.Path, _time));

    private static ComputeDevice Gpu(long megabytes) => new("CUDA0", megabytes * MiB);

    private static LlamaModelLoader Loader(IReadOnlyList<ComputeDevice> gpus) => new(new DecoderOverrides(), NullLogger.Instance, findGpus: _ => gpus);

    private Task<int> LoadAsync(IReadOnlyList<ComputeDevice> gpus, ModelSettings settings, int failures = 0)
    {
        int left = failures;
        return new DevicePlacement(_ => gpus, Loads, NullLogger.Instance).LoadAsync(StarterModel.FilePath, settings, 64L << 30, plan =>
        {
            _loads.Add(plan);
            return left-- > 0 ? throw new DecodeException("The KV cache could not be allocated.") : Task.FromResult(1);
        });
    }
}
