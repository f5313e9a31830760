using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Several models in one engine, and what becomes of one that is unloaded.</summary>
public sealed class ModelsTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";
    private const string LongQuestion = "Give me a detailed description of a storm.";

    [Fact]
    public async Task Chat_ThreeModelsAtOnce_EachAnswersAndIsLoadedOnce()
    {
        string[] models = [fixture.CopyOfStarter(), fixture.CopyOfStarter(), fixture.CopyOfStarter()];

        ChatResult[] answers = await Task.WhenAll(models.SelectMany(model => Enumerable.Range(0, 8).Select(_ => fixture.Client.ChatAsync(model, Question))))
            .OrBroken("the answers");

        Assert.All(answers, answer => Assert.Equal("The capital of France is Paris.", answer.Text));
        foreach (string model in models)
        {
            Assert.Equal(1, (await fixture.Client.ModelStateAsync(model, state => state.Counters is { GeneratedTokens: > 0 }, "its counters")).Counters!.LoadCommands);
            Assert.Equal(ModelState.Ready, fixture.Client.Models.GetStatus(model).State);
        }
    }

    [Fact]
    public async Task EnsureLoaded_Starter_TellsWhatItIs()
    {
        ModelInfo model = await fixture.Client.Models.EnsureLoadedAsync("starter").OrBroken("the model");

        Assert.Equal("llama", model.Architecture);
        Assert.Equal("Q8_0", model.Quantization);
        Assert.Equal(new FileInfo(model.Path).Length, model.FileBytes);
        Assert.True(model.ParameterCount > 1_000_000);
        Assert.True(model.ContextLength <= model.TrainedContextLength);
        Assert.True(model.EmbeddingLength > 0);
        Assert.Equal(EmbeddingPooling.Unspecified, model.Pooling);
        Assert.Equal((0.0, null), (model.RecommendedSampling.Temperature, model.RecommendedSampling.TopP));
        Assert.Equal("<|im_end|>", model.SpecialTokens["eos_token"]);
        ChatTemplateInfo template = model.ChatTemplate!;
        Assert.Equal(
            (true, true, true, true), (template.IsFromModel, template.SupportsSystemRole, template.SupportsTools, template.SupportsReasoning));
    }

    [Fact]
    public async Task Unload_LoadedModel_LeavesTheEngineAndTheNextCallLoadsItAgain()
    {
        string model = fixture.CopyOfStarter();
        await using Client other = await fixture.ConnectAsync().OrBroken("another client");
        await other.ChatAsync(model, Question).OrBroken("its answer");
        await fixture.Client.Models.EnsureLoadedAsync(model).OrBroken("the model");

        Assert.True(await fixture.Client.Models.UnloadAsync(model).OrBroken("the unload"));

        Assert.Equal(ModelState.Idle, fixture.Client.Models.GetStatus(model).State);
        Assert.Equal("The capital of France is Paris.", (await other.ChatAsync(model, Question).OrBroken("the other's next answer")).Text);
        Assert.Equal("The capital of France is Paris.", (await fixture.Client.ChatAsync(model, Question).OrBroken("our next answer")).Text);
    }

    [Fact]
    public async Task Unload_AnotherClientUsesTheModel_RefusesOrWaitsAndNeverTakesItAway()
    {
        string model = fixture.CopyOfStarter();
        await using Client other = await fixture.ConnectAsync().OrBroken("another client");
        await fixture.Client.Models.EnsureLoadedAsync(model).OrBroken("the model");
        Task<IReadOnlyList<ChatResult>> batch = other.ChatBatchAsync(
            model, [.. Enumerable.Repeat<IReadOnlyList<Message>>([Message.User(LongQuestion)], 24)]);
        await fixture.Client.ModelStateAsync(model, state => state.RunningSequences > 0, "the other's sequences to run");

        Task<bool> waiting = fixture.Client.Models.UnloadAsync(model);

        Assert.All(await batch.OrBroken("the other's answers"), answer => Assert.NotEqual("", answer.Text));
        Assert.True(await waiting.OrBroken("the unload"));
    }

    [Fact]
    public async Task EnsureLoaded_Progress_RisesAndNamesTheSizeOfTheFile()
    {
        string model = fixture.CopyOfStarter();
        var reports = new List<ModelLoadProgress>();

        await fixture.Client.Models.EnsureLoadedAsync(model, new Listener(reports)).OrBroken("the model");

        lock (reports)
        {
            Assert.Equal(reports.Select(report => report.Phase).Order(), reports.Select(report => report.Phase));
            Assert.Equal(ModelLoadPhase.Ready, reports[^1].Phase);
            Assert.All(reports.Where(report => report.Phase == ModelLoadPhase.Loading), report => Assert.Equal(new FileInfo(model).Length, report.TotalBytes));
        }
    }

    private sealed class Listener(List<ModelLoadProgress> reports) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
