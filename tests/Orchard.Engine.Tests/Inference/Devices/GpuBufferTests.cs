using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference.Devices;

/// <summary>
/// What the library allocates on a GPU beside the weights, against what is planned before the load. They run if <c>ORCHARD_GPU_TESTS</c> is 1:
/// <c>tests/gpu/vulkan.sh</c>.
/// </summary>
public sealed partial class GpuBufferTests : IDisposable
{
    private const string NoGpu = "needs ORCHARD_GPU_TESTS=1 and a GPU library";
    private const double Megabyte = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public static bool HasGpu => GpuOffloadTests.HasGpu;

    public void Dispose() => _folder.Dispose();

    [Theory(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    [InlineData("128x2x1000", 512, null)]
    [InlineData("768x4x32000", 512, null)]
    [InlineData("768x4x32000", 512, false)]
    [InlineData("768x4x32000", 2048, null)]
    [InlineData("768x4x32000", 2048, false)]
    [InlineData("256x2x150000", 512, null)]
    [InlineData("2048x2x2000", 512, null)]
    [InlineData("2048x2x2000", 2048, null)]
    public async Task Shape_TakesNoMoreThanPlanned(string shape, int batch, bool? flashAttention)
    {
        string path = Path.Combine(_folder.Path, "model.gguf");
        SyntheticModel.Write(Shape.Parse(shape), path);

        await CheckAsync(path, ModelSettings.Default with { BatchTokens = batch, FlashAttention = flashAttention });
    }

    [Theory(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    [InlineData("llama")]
    [InlineData("qwen3moe")]
    [InlineData("gemma3")]
    [InlineData("deepseek2")]
    [InlineData("mamba2")]
    [InlineData("qwen3next")]
    public async Task Architecture_TakesNoMoreThanPlanned(string architecture) => await CheckAsync(
        ModelArchitecture.Named(architecture).Write(Path.Combine(_folder.Path, "model.gguf")), ModelSettings.Default);

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task HybridModel_TakesNoMoreThanPlanned()
    {
        string path = Path.Combine(_folder.Path, "model.gguf");
        HybridModel.Write(path);

        await CheckAsync(path, ModelSettings.Default);
    }

    private static async Task CheckAsync(string path, ModelSettings settings)
    {
        var header = GgufHeader.Read(path);
        ComputeDevice device = LlamaDevices.Gpus([])[0];
        var decoderPlan = new DecoderPlan(header, settings, Machine.Current(usesGpu: true));
        DeviceNeeds needs = DeviceNeeds.Of(header, decoderPlan.CacheBytes(1), decoderPlan.DeviceComputeBytes) with { LargerHalf = decoderPlan.LargerCacheHalf };
        DevicePlan plan = new DeviceFit(new LayerPlacement(needs, [device]), decoderPlan.Request(long.MaxValue / 4)).Find()!;
        Assert.Equal(plan.AllLayers, plan.Layers);
        long weights = needs.OutputBytes + needs.Layers.Sum(static layer => layer.Total);
        double planned = (plan.Shares[0].Bytes - weights) / Megabyte;

        using LlamaModel model = await LlamaModel.LoadAsync(path, settings, null, TestContext.Current.CancellationToken, plan);
        var taken = new Dictionary<string, double>();
        Action<LogLevel, string>? sink = LlamaLog.Sink;
        int thread = Environment.CurrentManagedThreadId;
        LlamaLog.Sink = (_, line) =>
        {
            if (Environment.CurrentManagedThreadId == thread && BufferSize().Match(line) is { Success: true } match && match.Groups[1].Value == device.Name)
            {
                string kind = match.Groups[2].Value;
                double size = double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
                taken[kind] = Math.Max(size, taken.GetValueOrDefault(kind)); // the buffers for computing are measured several times
            }
        };
        try
        {
            new LlamaDecoder(model, decoderPlan.On(plan)).Dispose();
        }
        finally
        {
            LlamaLog.Sink = sink;
        }

        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{planned:N1} MiB planned, {decoderPlan.DeviceComputeBytes / Megabyte:N1} of them to compute; taken: {string.Join(", ", taken)}; {plan}");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(taken.GetValueOrDefault("compute") > 0, figures);
        Assert.True(taken.GetValueOrDefault("compute") <= decoderPlan.DeviceComputeBytes / Megabyte, figures);
        Assert.True(taken.Values.Sum() <= planned, figures);
    }

    [GeneratedRegex(@"(\S+) +(\S+) buffer size += +([0-9.]+) MiB")]
    private static partial Regex BufferSize();
}
