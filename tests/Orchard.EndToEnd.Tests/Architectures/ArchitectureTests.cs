using Orchard.TestModels.Architectures;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests.Architectures;

/// <summary>
/// One architecture of each kind behaves in every respect as one that is decoded alone, without caches. All architectures are tried with
/// <c>ORCHARD_ARCHITECTURES=all</c>, or those that the variable names, separated by commas. A table of the results is printed.
/// </summary>
public sealed class ArchitectureTests(ArchitectureFixture fixture) : IClassFixture<ArchitectureFixture>
{
    private const string Variable = "ORCHARD_ARCHITECTURES";

    private static readonly string[] OneOfEachKind = ["llama", "qwen3moe", "gemma3", "deepseek2", "mamba2", "lfm2", "plamo2", "bert", "t5"];

    public static TheoryData<string> Architectures => new(Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => OneOfEachKind,
        "all" => ModelArchitecture.All.Select(static architecture => architecture.Name),
        var names => names.Split(','),
    });

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task Architecture_InEveryRespect_IsRightOrRefused(string name)
    {
        ModelArchitecture architecture = ModelArchitecture.Named(name);
        string model = architecture.Write(Path.Combine(fixture.EngineRoot, $"{name}.gguf"));
        var whole = new Dictionary<string, string?> { ["rope.scaling.original_context_length"] = "256" };
        string wholeModel = architecture.Write(Path.Combine(fixture.EngineRoot, $"{name}-whole.gguf"), changed: whole);

        IReadOnlyList<Cell> cells = await new ArchitectureCells(fixture.Client, architecture, model, wholeModel).RunAsync();

        fixture.Table.Add(name, cells);
        Assert.DoesNotContain(cells, static cell => cell.Mark == Cell.Wrong);
    }

    [Theory]
    [InlineData("deepseek4")]
    [InlineData("qwen4exp")]
    public async Task Embed_SeveralVectorsPerToken_IsRefusedAndTheEngineLives(string name)
    {
        string model = ModelArchitecture.Named(name).Write(Path.Combine(fixture.EngineRoot, $"{name}-embeds.gguf"));
        await fixture.Client.Models.EnsureLoadedAsync(model).OrBroken("the model");
        int? engine = fixture.Client.EngineStatus.ProcessId;

        var error = await Assert.ThrowsAsync<RequestRejectedException>(
            () => fixture.Client.EmbedAsync(model, "hello", new EmbeddingOptions { Pooling = EmbeddingPooling.Mean }));

        Assert.Equal(RequestErrorCodes.Unsupported, error.Code);
        await fixture.Client.ChatAsync(model, "hello", new GenerationOptions { MaxOutputTokens = 1 }).OrBroken("an answer");
        Assert.Equal(engine, fixture.Client.EngineStatus.ProcessId);
    }

    [Theory]
    [InlineData("llama", true)]
    [InlineData("arwkv7", false)]
    [InlineData("bert", null)]
    public async Task EnsureLoaded_SelfTest_IsToldAndItsResultKept(string name, bool? expected)
    {
        string model = ModelArchitecture.Named(name).Write(Path.Combine(fixture.EngineRoot, $"{name}-tested.gguf"));

        ModelInfo info = await fixture.Client.Models.EnsureLoadedAsync(model).OrBroken("the model");
        await fixture.Client.Models.UnloadAsync(model).OrBroken("the unload");
        ModelInfo again = await fixture.Client.Models.EnsureLoadedAsync(model).OrBroken("the model again");

        Assert.Equal(expected, info.PassedSelfTest);
        Assert.Equal(expected, again.PassedSelfTest);
    }
}
