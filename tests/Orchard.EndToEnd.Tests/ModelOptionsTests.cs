using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Models that are loaded with options, and how long they stay.</summary>
public sealed class ModelOptionsTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";

    private static readonly GenerationOptions Greedy = new() { Temperature = 0 };

    [Fact]
    public async Task EnsureLoaded_WithOptions_SaysWhatWasGranted()
    {
        string model = fixture.CopyOfStarter();

        ModelInfo info = await fixture.Client.Models.EnsureLoadedAsync(
            model,
            new ModelOptions
            {
                ContextLength = 256,
                ParallelSequences = 2,
                KeyCacheType = CacheType.Q8_0,
                ValueCacheType = CacheType.Q8_0,
                Threads = 1,
                BatchSize = 64,
            }).OrBroken("the model");

        Assert.Equal(
            (256, ContextLimit.Option, 2, CacheType.Q8_0, CacheType.Q8_0),
            (info.ContextLength, info.ContextLimitedBy, info.ParallelSequences, info.KeyCacheType, info.ValueCacheType));
        Assert.InRange(info.ReservedBytes!.Value, info.FileBytes!.Value, 1L << 30);
        ChatResult answer = await fixture.Client.ChatAsync(model, Question, Greedy).OrBroken("the answer");
        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        await fixture.Client.Models.UnloadAsync(model).OrBroken("the unload");
    }

    [Fact]
    public async Task EnsureLoaded_NothingSpecified_GivesTheContextOfTheModel()
    {
        ModelInfo info = await fixture.Client.Models.EnsureLoadedAsync("starter").OrBroken("the model");

        Assert.Equal((info.TrainedContextLength, ContextLimit.Model, 32), (info.ContextLength, info.ContextLimitedBy, info.ParallelSequences));
        Assert.Equal((CacheType.F16, CacheType.F16), (info.KeyCacheType, info.ValueCacheType));
    }

    [Fact]
    public async Task EnsureLoaded_LargerOptionsThanLoaded_LoadsAgainWhenIdleAndRefusesWhileInUse()
    {
        string model = fixture.CopyOfStarter();
        await using Client other = await fixture.ConnectAsync().OrBroken("another client");
        await fixture.Client.Models.EnsureLoadedAsync(model, new ModelOptions { ContextLength = 256 }).OrBroken("the model");
        await fixture.Client.ChatAsync(model, Question, Greedy).OrBroken("the answer");

        ModelInfo larger = await other.Models.EnsureLoadedAsync(model, new ModelOptions { ContextLength = 512 }).OrBroken("the larger one");
        Assert.Equal(512, larger.ContextLength);
        await other.ChatAsync(model, Question, Greedy).OrBroken("the other answer");

        await using IAsyncEnumerator<ChatDelta> stream = fixture.Client
            .ChatStreamAsync(model, Question, new GenerationOptions { IgnoreEndOfSequence = true, MaxOutputTokens = 400 }).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("a delta"));
        var refusal = await Assert.ThrowsAsync<ModelOptionsConflictException>(
            () => other.Models.EnsureLoadedAsync(model, new ModelOptions { ParallelSequences = 64 }).OrBroken("the refusal"));

        Assert.Equal(model, refusal.Model);
        Assert.Contains("ParallelSequences = 32", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("64", refusal.Message, StringComparison.Ordinal);
        await stream.DisposeAsync();
        await other.ChatAsync(model, Question, Greedy).OrBroken("an answer after the refusal");
        await fixture.Client.Models.UnloadAsync(model).OrBroken("the unload");
    }

    [Fact]
    public async Task EnsureLoaded_ContextThatDoesNotFit_IsRefusedWithNumbersAndAdvice()
    {
        var error = await Assert.ThrowsAsync<ModelMemoryException>(() => fixture.Client.Models.EnsureLoadedAsync(
            fixture.CopyOfStarter(),
            new ModelOptions { ContextLength = 1 << 30, RopeScaling = RopeScaling.Linear, RopeFrequencyScale = 1e-6 }).OrBroken("the refusal"));

        Assert.Contains("MiB", error.Message, StringComparison.Ordinal);
        Assert.Contains("ContextLength", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureLoaded_UnknownDevice_NamesThoseThatThereAre()
    {
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => fixture.Client.Models.EnsureLoadedAsync(
            fixture.CopyOfStarter(), new ModelOptions { Devices = ["CUDA7"] }).OrBroken("the refusal"));

        Assert.Contains("'CUDA7'", error.Message, StringComparison.Ordinal);
        Assert.Contains("CPU", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_KeepAliveZero_UnloadsTheModelAndTheNextCallLoadsItAgain()
    {
        string model = fixture.CopyOfStarter();
        var once = Greedy with { KeepAlive = TimeSpan.Zero };
        await fixture.Client.Models.EnsureLoadedAsync(model, new ModelOptions { KeepAlive = TimeSpan.Zero }).OrBroken("the model");

        for (int call = 0; call < 3; call++)
        {
            ChatResult answer = await fixture.Client.ChatAsync(model, Question, once).OrBroken("the answer");
            Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Client_OptionsByName_CountBeforeTheDefaults()
    {
        string model = fixture.CopyOfStarter();
        var options = new ClientOptions
        {
            EngineRoot = fixture.EngineRoot,
            ModelDefaults = { ContextLength = 256, ParallelSequences = 3 },
            Models = { [model] = new ModelOptions { ContextLength = 512 } },
        };
        await using Client client = await Client.ConnectAsync(options).OrBroken("the client");

        ModelInfo info = await client.Models.EnsureLoadedAsync(model).OrBroken("the model");

        Assert.Equal((512, 3), (info.ContextLength, info.ParallelSequences));
        await client.Models.UnloadAsync(model).OrBroken("the unload");
    }
}
