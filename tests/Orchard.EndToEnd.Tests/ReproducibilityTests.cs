using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Texts that must not depend on what else the engine does, or did before.</summary>
public sealed class ReproducibilityTests(EngineFixture fixture)
{
    private const string Story = "Give me a detailed description of a storm.";

    private Client Client => fixture.Client;

    [Fact]
    public async Task Deterministic_AloneInAMixAndAfterOthers_IsTheSameToTheLastBit()
    {
        string model = fixture.CopyOfStarter();
        // So free a choice of tokens that the smallest difference of a logit would show.
        GenerationOptions options = new() { Temperature = 2, TopK = 0, TopP = 1, MinP = 0, Seed = 11, MaxOutputTokens = 40, IsDeterministic = true, IncludeLogprobs = true };

        ChatResult alone = await Client.ChatAsync(model, Story, options).OrBroken("the answer alone");
        Task<ChatResult>[] neighbours =
        [
            .. Enumerable.Range(0, 12).Select(i => Client.ChatAsync(
                model, i % 2 == 0 ? Story : $"Repeat: KDT-{417 + i}", new GenerationOptions { Temperature = i % 3, Seed = (uint)i, MaxOutputTokens = 40 })),
        ];
        Task<ChatResult>[] twins = [.. Enumerable.Range(0, 3).Select(_ => Client.ChatAsync(model, Story, options))];
        ChatResult[] inAMix = await Task.WhenAll(twins).OrBroken("the answers in a mix");
        await Task.WhenAll(neighbours).OrBroken("the neighbours");
        ChatResult afterwards = await Client.ChatAsync(model, Story, options).OrBroken("the answer with a warm cache");

        Assert.All([.. inAMix, afterwards], answer =>
        {
            Assert.Equal(alone.Text, answer.Text);
            Assert.Equal(alone.Logprobs.Select(static token => token.Logprob), answer.Logprobs.Select(static token => token.Logprob));
            Assert.Equal(0, answer.Usage.CachedTokens);
        });
    }

    [Theory]
    [InlineData("What is the capital of France?")]
    [InlineData(Story)]
    [InlineData("Give me a detailed description of a forest.")]
    [InlineData("Repeat the code: KDT-0417-XMV-9920-PLQ-1187")]
    public async Task Greedy_PromptFromTheCacheOrNot_IsTheSameText(string question)
    {
        string model = fixture.CopyOfStarter();
        Message[] first = [Message.User(question)];

        ChatResult cold = await Client.ChatAsync(model, first, new GenerationOptions { UsePrefixCache = false }).OrBroken("the answer without the cache");
        ChatResult filling = await Client.ChatAsync(model, first).OrBroken("the answer that fills the cache");
        ChatResult cached = await Client.ChatAsync(model, first).OrBroken("the answer from the cache");

        Assert.Equal(0, cold.Usage.CachedTokens);
        Assert.Equal(cold.Text, filling.Text);
        Assert.Equal(cold.Text, cached.Text);

        Message[] second = [.. first, Message.Assistant(cold.Text), Message.User("What is the capital of Italy?")];
        ChatResult coldTurn = await Client.ChatAsync(model, second, new GenerationOptions { UsePrefixCache = false }).OrBroken("the second turn without the cache");
        ChatResult cachedTurn = await Client.ChatAsync(model, second).OrBroken("the second turn from the cache");

        Assert.True(cachedTurn.Usage.CachedTokens >= cached.Usage.PromptTokens, $"{cachedTurn.Usage.CachedTokens} tokens were cached");
        Assert.Equal(coldTurn.Text, cachedTurn.Text);
    }

    [Fact]
    public async Task Greedy_Candidates_AreTheSameAndComputedOnce()
    {
        string model = fixture.CopyOfStarter();
        await Client.Models.EnsureLoadedAsync(model).OrBroken("the load");

        ChatResult answer = await Client.ChatAsync(model, Story, new GenerationOptions { CandidateCount = 4, MaxOutputTokens = 30 }).OrBroken("four candidates");

        Assert.Equal(3, answer.Alternatives.Count);
        Assert.All(answer.Alternatives, other => Assert.Equal(answer.Text, other.Text));
        var state = await Client.ModelStateAsync(model, state => state.Counters!.GeneratedTokens >= 30, "a heartbeat that counts the tokens");
        Assert.Equal(30, state.Counters!.GeneratedTokens);
    }
}
