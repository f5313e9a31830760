using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference.Devices;

/// <summary>
/// The starter model on a GPU that says it has less and less memory. They run if <c>ORCHARD_GPU_TESTS</c> is 1: <c>tests/gpu/vulkan.sh</c>.
/// </summary>
public sealed class GpuFitTests
{
    private const string NoGpu = "needs ORCHARD_GPU_TESTS=1 and a GPU library";
    private const float Tolerance = 0.25f; // of logits between -20 and 20
    private const long MiB = 1L << 20;

    public static bool HasGpu => GpuOffloadTests.HasGpu;

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task LessAndLessMemory_FewerSequencesThenFewerLayers_AndTheSameLogits()
    {
        var header = GgufHeader.Read(StarterModel.FilePath);
        var plan = new DecoderPlan(header, ModelSettings.Default, Machine.Current(usesGpu: true));
        DeviceNeeds needs = DeviceNeeds.Of(header, plan.CacheBytes(1), plan.DeviceComputeBytes) with { LargerHalf = plan.LargerCacheHalf };
        ComputeDevice device = LlamaDevices.Gpus([])[0];
        float[] expected = await DecodeAsync(DevicePlan.Host, plan);
        var seen = new List<DevicePlan>();

        for (long free = 512 * MiB; free >= 0; free -= MiB)
        {
            DevicePlan fitted = new DeviceFit(new LayerPlacement(needs, [device with { FreeBytes = free }]), plan.Request(long.MaxValue / 4)).Find()!;
            Assert.InRange(fitted.Shares.Sum(share => share.Bytes), 0, free);
            bool isNew = seen.Count switch
            {
                0 => true,
                1 => fitted.Sequences < seen[0].Sequences,
                _ => fitted.Layers < seen[^1].Layers,
            };
            if (!isNew)
            {
                continue;
            }

            seen.Add(fitted);
            float[] actual = await DecodeAsync(fitted, plan);
            float difference = expected.Zip(actual, static (one, other) => Math.Abs(one - other)).Max();
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{free / MiB} MiB free: {fitted}; logits differ by {difference:G2}"));
            Assert.InRange(difference, 0, Tolerance);
        }

        Assert.Equal(seen[0].AllLayers, seen[1].Layers);
        Assert.True(seen[1].Sequences < seen[0].Sequences);
        Assert.Contains(seen, static one => one.Layers > 0 && one.Layers < one.AllLayers);
        Assert.True(seen[^1].IsOnHost);
    }

    private static async Task<float[]> DecodeAsync(DevicePlan devices, DecoderPlan plan)
    {
        using LlamaModel model = await LlamaModel.LoadAsync(
            StarterModel.FilePath, ModelSettings.Default, null, TestContext.Current.CancellationToken, devices);
        DecoderOptions options = devices.IsOnHost ? new DecoderOptions { SequenceCapacity = 1, ContextLength = 256, BatchCapacity = 64 } : plan.On(devices);
        using var decoder = new LlamaDecoder(model, options);
        decoder.Decode([.. Enumerable.Range(0, 8).Select(i => new BatchToken(10 + (i * 11), i, 0, i == 7))]);
        return decoder.GetLogits(7).ToArray();
    }
}
