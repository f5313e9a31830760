using System.Diagnostics;
using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests.Gpu;

/// <summary>
/// Models on a GPU, or on a software device of Vulkan, compared with the same models on the processor. They run if <c>ORCHARD_GPU_TESTS</c> is 1;
/// <c>tests/gpu/vulkan.sh</c> sets it together with the libraries and the device.
/// </summary>
public sealed class GpuTests(EngineFixture fixture)
{
    private const string NoGpu = "needs ORCHARD_GPU_TESTS=1 and a GPU library";
    private const int PromptCount = 100;

    // A long prompt takes a software device more than a minute.
    private static readonly TimeSpan SoftwareLimit = TimeSpan.FromMinutes(5);

    private static readonly GenerationOptions Greedy = new() { Temperature = 0, MaxOutputTokens = 24 };
    private static readonly ModelOptions OnProcessor = new() { Devices = ["CPU"] };

    private static readonly string[] Subjects =
    [
        "France", "Japan", "Italy", "Spain", "Germany", "Egypt", "Canada", "Brazil", "India", "China", "Norway", "Sweden", "Poland", "Greece",
        "Kenya", "Peru", "Chile", "Cuba", "Portugal", "Austria", "Ireland", "Finland", "Denmark", "Turkey", "Mexico",
    ];

    private static readonly string[] Questions =
        ["What is the capital of {0}?", "Tell me about {0}.", "Name a city in {0}.", "Write one sentence about the weather in {0}."];

    public static bool HasGpu => Environment.GetEnvironmentVariable("ORCHARD_GPU_TESTS") == "1";

    private Client Client => fixture.Client;

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task Model_AllLayersAreOnTheDevice_AndTheEngineSaysSo()
    {
        ModelInfo info = await Client.Models.EnsureLoadedAsync("starter").OrBroken("the model");
        EngineSnapshot engine = await Client.GetEngineSnapshotAsync().OrBroken("the snapshot");

        ComputeBackend used = Assert.Single(engine.Backends, backend => backend.IsUsed);
        ModelPlacement placement = Assert.Single(info.Devices);
        Assert.Contains(used.Devices, device => device.Name == placement.Device);
        Assert.True(placement.Layers > 1);
        Assert.True(placement.Bytes > info.FileBytes);
        Assert.True(info.PassedSelfTest);
        TestContext.Current.TestOutputHelper?.WriteLine($"{placement.Layers} layers, {placement.Bytes >> 20} MiB on {placement.Device}");
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task GreedyAnswers_AreThoseOfTheProcessor()
    {
        string copy = await LoadOnProcessorAsync();
        string[] prompts = [.. Subjects.SelectMany(_ => Questions, (subject, question) => string.Format(null, question, subject)).Take(PromptCount)];

        string[] expected = await AnswerAsync(copy, prompts);
        string[] actual = await AnswerAsync("starter", prompts);

        int equal = expected.Zip(actual).Count(pair => pair.First == pair.Second);
        TestContext.Current.TestOutputHelper?.WriteLine($"{equal} of {prompts.Length} greedy answers are equal");
        Assert.True(equal >= prompts.Length * 95 / 100, $"{equal} of {prompts.Length} are equal, such as not: "
            + expected.Zip(actual).First(pair => pair.First != pair.Second));
        await Client.Models.UnloadAsync(copy).OrBroken("the unload");
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task LongConversation_IsContinuedFromThePrefixCache()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string story = string.Concat(Enumerable.Range(1, 30).Select(i => $"Line {i} says that the river is long. "));
        List<Message> conversation = [Message.User(story + "What is the capital of France?")];
        ChatResult first = await Client.ChatAsync("starter", conversation, Greedy).WaitAsync(SoftwareLimit, cancellationToken);
        conversation.AddRange([Message.Assistant(first.Text), Message.User("What is the capital of Italy?")]);

        ChatResult second = await Client.ChatAsync("starter", conversation, Greedy).WaitAsync(SoftwareLimit, cancellationToken);

        Assert.InRange(first.Usage.PromptTokens, 257, 2000); // more than the room that a sequence has at first on a processor
        Assert.InRange(second.Usage.CachedTokens, first.Usage.PromptTokens - 1, second.Usage.PromptTokens);
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task ManyAtOnce_EachGetsTheAnswerItGetsAlone()
    {
        string[] prompts = [.. Subjects.Take(12).Select(subject => string.Format(null, Questions[0], subject))];
        string[] alone = new string[prompts.Length];
        for (int i = 0; i < prompts.Length; i++)
        {
            alone[i] = (await Client.ChatAsync("starter", prompts[i], Greedy).OrBroken("an answer")).Text;
        }

        Assert.Equal(alone, await AnswerAsync("starter", prompts));
        Assert.Contains("Paris", alone[0], StringComparison.Ordinal);
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task Embeddings_AreThoseOfTheProcessor()
    {
        (string onDevice, string onProcessor) = (fixture.NewModelPath(), fixture.NewModelPath());
        TinyEncoder.Write(onDevice, pooling: 1);
        File.Copy(onDevice, onProcessor);
        await Client.Models.EnsureLoadedAsync(onProcessor, OnProcessor).OrBroken("the model on the processor");

        float[] expected = (await Client.EmbedAsync(onProcessor, "a text to be compared").OrBroken("a vector")).Vector.ToArray();
        float[] actual = (await Client.EmbedAsync(onDevice, "a text to be compared").OrBroken("a vector")).Vector.ToArray();

        Assert.InRange(expected.Zip(actual, (one, other) => (double)one * other).Sum(), 0.999, 1.001);
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task SomeLayers_TheOthersAreOnTheProcessor()
    {
        string copy = fixture.CopyOfStarter();

        ModelInfo info = await Client.Models.EnsureLoadedAsync(copy, new ModelOptions { GpuLayers = 3 }).OrBroken("the model");
        ChatResult answer = await Client.ChatAsync(copy, "What is the capital of France?", Greedy).OrBroken("the answer");

        Assert.Equal(3, info.Devices[0].Layers);
        Assert.Equal("CPU", info.Devices[1].Device);
        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        await Client.Models.UnloadAsync(copy).OrBroken("the unload");
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task LayersThatCannotBeThere_AreRefusedByType()
    {
        string copy = fixture.CopyOfStarter();

        ModelOptions impossible = new() { Devices = ["CUDA99"] };
        await Assert.ThrowsAnyAsync<OrchardException>(() => Client.Models.EnsureLoadedAsync(copy, impossible)).OrBroken("the refusal");
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task EngineKilledWhileLoading_IsRepeatedWithLess_AndAnswers()
    {
        using var root = new TemporaryRoot();
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root.Path, EngineGraceTime = TimeSpan.FromSeconds(1) })
            .OrBroken("the engine");
        Task<ChatResult> answer = client.ChatAsync("starter", "What is the capital of France?", Greedy);
        string devices = Path.Combine(root.Path, "devices");
        while (!Directory.Exists(devices) || Directory.GetFiles(devices, "load-*").Length == 0)
        {
            Assert.False(answer.IsCompleted, "The model was loaded before the engine could be killed.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        using (var engine = Process.GetProcessById(client.EngineStatus.ProcessId!.Value))
        {
            engine.Kill();
        }

        Assert.Contains("Paris", (await answer.OrBroken("the answer of the second engine")).Text, StringComparison.Ordinal);
        string log = await File.ReadAllTextAsync(Path.Combine(root.Path, "engine.log"), TestContext.Current.CancellationToken);
        Assert.Contains("The engine ended 1 times while it loaded", log, StringComparison.Ordinal);
    }

    [Fact(Skip = NoGpu, SkipUnless = nameof(HasGpu))]
    public async Task Unload_ReturnsTheMemoryOfTheDevice()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads the memory of the engine in /proc");
        using var root = new TemporaryRoot();
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root.Path, EngineGraceTime = TimeSpan.FromSeconds(1) })
            .OrBroken("the engine");
        string path = Path.Combine(root.Path, "model.gguf");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), path);
        await LoadAndUnloadAsync(); // the driver keeps what it has compiled
        long before = ResidentBytes();

        long taken = await LoadAndUnloadAsync();
        taken = Math.Max(taken, await LoadAndUnloadAsync());

        // A GPU that has memory of its own is measured by tests/gpu/run.sh; a software device has that of the engine.
        var limit = Stopwatch.StartNew();
        while (ResidentBytes() > before + (taken / 4) && limit.Elapsed < Limits.Broken)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{taken >> 20} MiB taken; {before >> 20} MiB before, {ResidentBytes() >> 20} MiB after");
        Assert.InRange(ResidentBytes(), 0, before + (taken / 4));

        async Task<long> LoadAndUnloadAsync()
        {
            long empty = ResidentBytes();
            ModelInfo info = await client.Models.EnsureLoadedAsync(path).OrBroken("the model");
            Assert.NotEmpty(info.Devices);
            long full = ResidentBytes();
            await client.Models.UnloadAsync(path).OrBroken("the unload");
            return full - empty;
        }

        long ResidentBytes()
        {
            string status = File.ReadAllText($"/proc/{client.EngineStatus.ProcessId}/status");
            string line = status.Split('\n').First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private async Task<string> LoadOnProcessorAsync()
    {
        string copy = fixture.CopyOfStarter();
        ModelInfo info = await Client.Models.EnsureLoadedAsync(copy, OnProcessor).OrBroken("the model on the processor");
        Assert.Empty(info.Devices);
        return copy;
    }

    private async Task<string[]> AnswerAsync(string model, IEnumerable<string> prompts) =>
        [.. (await Task.WhenAll(prompts.Select(prompt => Client.ChatAsync(model, prompt, Greedy)))).Select(answer => answer.Text)];
}
