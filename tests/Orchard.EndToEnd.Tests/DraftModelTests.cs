using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Models with a draft model: the same answers, loaded and unloaded together.</summary>
public sealed class DraftModelTests(EngineFixture fixture)
{
    private const string Question = "Give me a detailed description of a storm.";

    private static readonly GenerationOptions Greedy = new() { Temperature = 0, MaxOutputTokens = 120 };
    private static readonly GenerationOptions Sampled = new() { Temperature = 0.8, TopP = 0.95, Seed = 7, MaxOutputTokens = 120 };

    [Fact]
    public async Task ManyCallers_GetTheSameAnswersAsWithoutDrafts()
    {
        (string plain, string model, string draft) = (fixture.CopyOfStarter(), fixture.CopyOfStarter(), fixture.CopyOfStarter());
        ModelInfo before = await fixture.Client.Models.EnsureLoadedAsync(plain, new ModelOptions { Threads = 1 }).OrBroken("the model");
        Task<ModelInfo>[] loads =
        [
            .. Enumerable.Range(0, 8).Select(_ => fixture.Client.Models.EnsureLoadedAsync(
                model, new ModelOptions { Threads = 1, DraftModel = draft })),
        ];
        ModelInfo[] infos = await Task.WhenAll(loads).OrBroken("the loads");

        Assert.Null(before.DraftModel);
        Assert.All(infos, info => Assert.Equal(draft, info.DraftModel));
        Assert.True(infos[0].ReservedBytes > before.ReservedBytes + (before.FileBytes / 2), $"{infos[0].ReservedBytes} of {before.ReservedBytes}");
        foreach (GenerationOptions options in (GenerationOptions[])[Greedy, Sampled])
        {
            string expected = (await fixture.Client.ChatAsync(plain, Question, options).OrBroken("the expected answer")).Text;
            Assert.Equal(expected, (await fixture.Client.ChatAsync(model, Question, options).OrBroken("an answer")).Text);
        }

        ChatResult[] answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => fixture.Client.ChatAsync(model, $"What is {i} plus {i}?", Greedy))).OrBroken("the answers");
        Assert.All(answers, static answer => Assert.NotEmpty(answer.Text));
        Assert.True(await fixture.Client.Models.UnloadAsync(model).OrBroken("the unload"));
        await fixture.Client.Models.UnloadAsync(plain).OrBroken("the unload of the other");
        if (OperatingSystem.IsLinux())
        {
            string maps = await File.ReadAllTextAsync($"/proc/{fixture.Client.EngineStatus.ProcessId}/maps", TestContext.Current.CancellationToken);
            Assert.DoesNotContain(draft, maps, StringComparison.Ordinal);
            Assert.DoesNotContain(model, maps, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OtherVocabulary_IsRefusedWithTheDifference()
    {
        string draft = fixture.NewModelPath();
        SyntheticModel.Write(new Shape(64, 1, 512), draft);

        var error = await Assert.ThrowsAsync<DraftModelException>(
            () => fixture.Client.Models.EnsureLoadedAsync(fixture.CopyOfStarter(), new ModelOptions { DraftModel = draft }).OrBroken("the refusal"));

        Assert.Equal(draft, error.DraftModel);
        Assert.Contains("vocabularies", error.Message, StringComparison.Ordinal);
        Assert.Contains("512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSuchFile_IsRefusedWithItsName()
    {
        string model = fixture.CopyOfStarter();
        var error = await Assert.ThrowsAsync<DraftModelException>(() => fixture.Client.Models.EnsureLoadedAsync(
            model, new ModelOptions { DraftModel = "/nowhere/small.gguf" }).OrBroken("the refusal"));

        Assert.Contains("/nowhere/small.gguf", error.Message, StringComparison.Ordinal);
        Assert.Equal((model, "/nowhere/small.gguf"), (error.Model, error.DraftModel));
        await fixture.Client.ChatAsync(model, "Hello", Greedy).OrBroken("an answer without it");
        await fixture.Client.Models.UnloadAsync(model).OrBroken("the unload");
    }
}
