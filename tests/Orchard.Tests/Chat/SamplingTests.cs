using Orchard.Models;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Chat;

/// <summary>Sampling values: the caller's, else the model's recommendation, else the defaults of llama.cpp.</summary>
public sealed class SamplingTests
{
    [Fact]
    public async Task Chat_NothingRecommended_SendsTheDefaultsOfLlamaCpp()
    {
        GenerationOptions sent = await SendAsync(new GenerationOptions(), sampling: null);

        Assert.Equal((0.8, 0.95, 40, 0.05, 1.0), (sent.Temperature, sent.TopP, sent.TopK, sent.MinP, sent.TypicalP));
        Assert.Equal((1.0, 0.0, 0.0, 64), (sent.RepetitionPenalty, sent.FrequencyPenalty, sent.PresencePenalty, sent.PenaltyWindow));
        Assert.Equal((null, null, null), (sent.Mirostat, sent.Xtc, sent.Dry));
    }

    [Fact]
    public async Task Chat_RecommendedValues_AreSentWhereTheCallerSetsNone()
    {
        Dictionary<string, double> sampling = new()
        {
            ["temp"] = 0.6,
            ["top_p"] = 0.9,
            ["top_k"] = 20,
            ["min_p"] = 0.01,
            ["penalty_repeat"] = 1.1,
            ["penalty_last_n"] = 128,
            ["xtc_probability"] = 0.25,
        };

        GenerationOptions sent = await SendAsync(new GenerationOptions { TopK = 5, Temperature = 0 }, sampling);

        Assert.Equal((0.0, 0.9, 5, 0.01), (sent.Temperature, sent.TopP, sent.TopK, sent.MinP));
        Assert.Equal((1.1, 128, 0.25), (sent.RepetitionPenalty, sent.PenaltyWindow, sent.Xtc?.Probability));
    }

    [Fact]
    public async Task Chat_TopKOfZero_SendsAllTokens() => Assert.Equal(0, (await SendAsync(new GenerationOptions { TopK = 0 }, new() { ["top_k"] = 20 })).TopK);

    [Fact]
    public async Task Chat_RecommendedMirostat_GivesWayToASamplerOfTheCaller()
    {
        Dictionary<string, double> sampling = new() { ["mirostat"] = 2, ["mirostat_tau"] = 4 };

        Assert.Equal(4, (await SendAsync(new GenerationOptions(), sampling)).Mirostat?.Tau);
        Assert.Null((await SendAsync(new GenerationOptions { TopP = 0.5 }, sampling)).Mirostat);
        Assert.Equal(3, (await SendAsync(new GenerationOptions { TopP = 0.5, Mirostat = new() { Tau = 3 } }, sampling)).Mirostat?.Tau);
    }

    [Fact]
    public async Task ModelInfo_ShowsTheRecommendedValues()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok")) { Sampling = new() { ["temp"] = 0, ["sequence_count"] = 3 } };
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        RecommendedSampling recommended = (await client.Models.EnsureLoadedAsync("starter").OrBroken("the model")).RecommendedSampling;

        Assert.Equal((0.0, null, null), (recommended.Temperature, recommended.TopP, recommended.TopK));
    }

    [Theory]
    [InlineData("temp", -1)]
    [InlineData("temp", 11)]
    [InlineData("top_p", 0)]
    [InlineData("top_p", 1.5)]
    [InlineData("top_k", 1.5)]
    [InlineData("top_k", 1e12)]
    [InlineData("min_p", 2)]
    [InlineData("penalty_repeat", 0)]
    [InlineData("penalty_last_n", 1e6)]
    [InlineData("mirostat", 1)]
    [InlineData("xtc_probability", 2)]
    public void Read_ValueOutOfRange_CountsAsNotStated(string name, double value) =>
        Assert.Equivalent(RecommendedSampling.None, RecommendedSamplingReader.Read(new Dictionary<string, double> { [name] = value }), strict: true);

    [Fact]
    public void Read_NegativeCounts_MeanAll()
    {
        RecommendedSampling read = RecommendedSamplingReader.Read(new Dictionary<string, double> { ["top_k"] = -1, ["penalty_last_n"] = -1 });

        Assert.Equal((0, 65536), (read.TopK, read.PenaltyWindow));
    }

    private static async Task<GenerationOptions> SendAsync(GenerationOptions options, Dictionary<string, double>? sampling)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok")) { Sampling = sampling };
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");
        await client.ChatAsync("starter", "Hi", options).OrBroken("the answer");
        return Assert.Single(Assert.Single(engine.Requests).Prompts).Options;
    }
}
