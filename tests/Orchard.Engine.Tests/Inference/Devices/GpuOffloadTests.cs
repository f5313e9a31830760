using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference.Devices;

/// <summary>
/// Models of which parts are on a GPU, or on a software device of Vulkan. They run if <c>ORCHARD_GPU_TESTS</c> is 1: <c>tests/gpu/vulkan.sh</c>.
/// </summary>
public sealed class GpuOffloadTests : IDisposable
{
    private const string NoGpu = "needs ORCHARD_GPU_TESTS=1 and a GPU library";
    private const float Tolerance = 0.1f;

    private readonly TemporaryFolder _folder = new();

    public static bool HasGpu => Environment.GetEnvironmentVariable("ORCHARD_GPU_TESTS") == "1";

    public void Dispose() => _folder.Dispose();

    [Theory(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    [InlineData("qwen3moe", 1, true)]
    [InlineData("qwen3moe", 1, false)]
    [InlineData("qwen3moe", 0.5, true)]
    [InlineData("llama", 1, false)]
    [InlineData("llama", 0.5, false)]
    public async Task Logits_AreThoseOfTheProcessor(string architecture, double share, bool hostsExperts)
    {
        string path = ModelArchitecture.Named(architecture).Write(Path.Combine(_folder.Path, "model.gguf"));
        TensorSizes sizes = GgufHeader.Read(path).Sizes;
        Assert.Equal(architecture == "qwen3moe", sizes.HasExperts);
        int all = sizes.Layers.Count + 1;
        ComputeDevice device = LlamaDevices.Gpus([])[0];
        var plan = new DevicePlan(
            [new DeviceShare(device.Name, Math.Max(1, (int)(all * share)), 0)], all, hostsExperts ? sizes.Layers.Count : 0, 256, 1);

        float[] expected = await DecodeAsync(path, DevicePlan.Host);
        float[] actual = await DecodeAsync(path, plan);

        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - Tolerance, pair.First + Tolerance));
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public void DeviceThatDoesNotExist_IsRefused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => LlamaDevices.Gpus(["CUDA77"]));

        Assert.Contains("CPU", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<float[]> DecodeAsync(string path, DevicePlan plan)
    {
        using LlamaModel model = await LlamaModel.LoadAsync(path, ModelSettings.Default, null, TestContext.Current.CancellationToken, plan);
        using var decoder = new LlamaDecoder(model, new DecoderOptions { SequenceCapacity = 1, ContextLength = 256, BatchCapacity = 64 });
        decoder.Decode([.. Enumerable.Range(0, 8).Select(i => new BatchToken(10 + (i * 11), i, 0, i == 7))]);
        return decoder.GetLogits(7).ToArray();
    }
}
