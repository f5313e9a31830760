using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests;

/// <summary>What the abstraction has no place for: several answers, and how probable they are. On the real engine.</summary>
public sealed class SeveralAnswersTests(SeveralAnswersTests.ModelFixture fixture) : IClassFixture<SeveralAnswersTests.ModelFixture>
{
    private readonly IChatClient _chat = fixture.Client.AsIChatClient("starter");

    [Fact]
    public async Task GetResponse_TwoAnswers_TheOtherIsInTheRawRepresentationAndTheUsageIsThatOfBoth()
    {
        ChatResponse response = await _chat.GetResponseAsync(
            "Give me a detailed description of a storm.",
            new ChatOptions { Temperature = 1, Seed = 7, MaxOutputTokens = 5, AdditionalProperties = new() { ["n"] = 2 } }).OrBroken("the answers");

        var raw = Assert.IsType<ChatResult>(response.RawRepresentation);
        Assert.Equal(response.Text, raw.Text);
        Assert.Equal(5, Assert.Single(raw.Alternatives).Usage.CompletionTokens);
        Assert.Equal(10, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public void GetStreamingResponse_TwoAnswers_Refused() =>
        Assert.Throws<NotSupportedException>(() => _chat.GetStreamingResponseAsync("Hi", new ChatOptions { AdditionalProperties = new() { ["n"] = 2 } }));

    [Fact]
    public async Task GetStreamingResponse_Logprobs_AreInTheRawRepresentations()
    {
        var tokens = new List<TokenLogprob>();
        await foreach (ChatResponseUpdate update in _chat.GetStreamingResponseAsync(
            "What is the capital of France?", new ChatOptions { AdditionalProperties = new() { ["top_logprobs"] = 2 } }))
        {
            tokens.AddRange(((ChatDelta)update.RawRepresentation!).Logprobs);
        }

        Assert.Equal("The capital of France is Paris.", string.Concat(tokens.Select(token => token.Text)).Trim());
        Assert.All(tokens, token => Assert.Equal(2, token.TopLogprobs.Count));
    }

    public sealed class ModelFixture : OrchardFixture, IAsyncLifetime;
}
