using System.Globalization;
using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests.Gpu;

/// <summary>
/// Models that do not fit into the memory of a GPU, or of GPU and system together, with limits instead of large models. They run if
/// <c>ORCHARD_GPU_TESTS</c> is 1: <c>tests/gpu/vulkan.sh</c>.
/// </summary>
public sealed class GpuFitTests : IDisposable
{
    private const string NoGpu = "needs ORCHARD_GPU_TESTS=1 and a GPU library";

    private readonly TemporaryRoot _models = new();

    public static bool HasGpu => GpuTests.HasGpu;

    public void Dispose() => _models.Dispose();

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task NoDeviceMemoryMayBeUsed_TheModelIsOnTheProcessor_AndAnswers()
    {
        using var root = new TemporaryRoot();
        using EngineUnderTest engine = await EngineUnderTest.StartAsync(
            root.Path, [], new Dictionary<string, string> { ["ORCHARD_DEVICE_MEMORY"] = "1" });
        await using (Client client = await ConnectAsync(root.Path).OrBroken("a client"))
        {
            ModelInfo info = await client.Models.EnsureLoadedAsync("starter").OrBroken("the model");
            ChatResult answer = await client.ChatAsync("starter", "What is the capital of France?").OrBroken("an answer");

            Assert.Null(OnDevice(info));
            Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        }

        await engine.ExitAsync().OrBroken("the engine to leave");
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task LessAndLessMemoryInAll_ShorterContextDownTo4096_AndThenATypedError()
    {
        string model = Path.Combine(_models.Path, "long.gguf");
        SyntheticModel.Write(Shape.Parse("512x4x1000") with { TrainedContext = 65_536 }, model); // 8 KiB for a token
        int longest = 65_536;

        // Weights and buffers take 45 MiB. The engine gives a model half of what is left beyond 4,096 tokens, so that others have room.
        foreach ((int megabytes, int least) in new[] { (700, 8192), (90, 4096) })
        {
            ModelInfo info = await LoadAsync(megabytes);

            Print($"{megabytes} MiB: {info.ParallelSequences} x {info.ContextLength} tokens, {string.Join(", ", info.Devices.Select(device => $"{device.Layers} layers on {device.Device}"))}");
            Assert.InRange(info.ContextLength!.Value, least, longest - 1);
            Assert.Equal(ContextLimit.Memory, info.ContextLimitedBy);
            Assert.Equal(5, OnDevice(info)?.Layers); // the GPU is not what is too small
            longest = info.ContextLength!.Value;
        }

        ModelMemoryException error = await Assert.ThrowsAsync<ModelMemoryException>(() => LoadAsync(70));

        Print(error.Message);
        Assert.Contains("4,096 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("ContextLength", error.Message, StringComparison.Ordinal);

        async Task<ModelInfo> LoadAsync(int megabytes)
        {
            using var root = new TemporaryRoot();
            using EngineUnderTest engine = await EngineUnderTest.StartAsync(
                root.Path, ["--memory-limit", megabytes.ToString(CultureInfo.InvariantCulture)]);
            try
            {
                await using Client client = await ConnectAsync(root.Path).OrBroken("a client");
                return await client.Models.EnsureLoadedAsync(model).OrBroken("the model");
            }
            finally
            {
                await engine.ExitAsync().OrBroken("the engine to leave");
            }
        }
    }

    private static ModelPlacement? OnDevice(ModelInfo info) => info.Devices.FirstOrDefault(static placement => placement.Device != "CPU");

    private static Task<Client> ConnectAsync(string root) =>
        Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false, EngineGraceTime = TimeSpan.FromSeconds(1) });

    private static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
