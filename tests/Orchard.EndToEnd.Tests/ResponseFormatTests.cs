using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Answers that are held to a format, by the real model.</summary>
public sealed class ResponseFormatTests(EngineFixture fixture)
{
    private Client Client => fixture.Client;

    [Fact]
    public async Task Chat_Grammar_GivesNothingElse()
    {
        var format = ResponseFormat.Grammar("root ::= (\"yes\" | \"no\") \", \" [0-9]{3}");

        for (uint seed = 0; seed < 8; seed++)
        {
            ChatResult answer = await AskAsync("What is the capital of France?", new() { ResponseFormat = format, Temperature = 1.5, Seed = seed });

            Assert.Matches("^(yes|no), [0-9]{3}$", answer.Text);
            Assert.Equal(FinishReason.Stop, answer.FinishReason);
        }
    }

    [Fact]
    public async Task Chat_GrammarOfTheAnswerItself_ChangesNothing()
    {
        ChatResult free = await AskAsync("What is the capital of France?", new());

        ChatResult held = await AskAsync("What is the capital of France?", new() { ResponseFormat = ResponseFormat.Grammar("root ::= [^\\n]+") });

        Assert.Equal((free.Text, FinishReason.Stop), (held.Text, held.FinishReason));
    }

    [Fact]
    public async Task ChatStream_Grammar_SaysTheSameAsTheWholeAnswer()
    {
        GenerationOptions options = new()
        {
            ResponseFormat = ResponseFormat.Grammar("root ::= \"{\" [a-zé🦉]{5,40} \"}\""),
            Temperature = 1.5,
            Seed = 3,
        };
        ChatResult whole = await AskAsync("Tell me a story.", options);

        List<ChatDelta> deltas = [];
        await foreach (ChatDelta delta in Client.ChatStreamAsync("starter", "Tell me a story.", options))
        {
            deltas.Add(delta);
        }

        Assert.Equal(whole.Text, string.Concat(deltas.Select(delta => delta.Text)));
        Assert.Equal(whole.FinishReason, deltas[^1].FinishReason);
        Assert.Equal(whole.Usage.TotalTokens, deltas[^1].Usage!.Value.TotalTokens); // how many of them were cached is up to the other tests
    }

    [Fact]
    public async Task Chat_TokenLimitInsideTheFormat_IsToldAsLength()
    {
        ChatResult answer = await AskAsync(
            "Tell me a story.", new() { ResponseFormat = ResponseFormat.Grammar("root ::= \"{\" [a-z]{200} \"}\""), MaxTokens = 5 });

        Assert.Equal(FinishReason.Length, answer.FinishReason);
    }

    [Theory]
    [InlineData("root ::= root \"a\"", "begin with itself")]
    [InlineData("root ::= \"a\" |", null)]
    [InlineData("root ::= \"a", "line 1")]
    [InlineData("roof ::= \"a\"", "root")]
    public async Task Chat_BadGrammar_IsRefusedAndTheEngineLives(string gbnf, string? problem)
    {
        Task<ChatResult> asking = AskAsync("Hi", new() { ResponseFormat = ResponseFormat.Grammar(gbnf), MaxTokens = 3 });

        if (problem is not null)
        {
            var error = await Assert.ThrowsAsync<RequestRejectedException>(() => asking);
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.Equal("invalid_response_format", error.Code);
        }

        Assert.NotEmpty((await Client.ChatAsync("starter", "What is the capital of France?")).Text);
    }

    private async Task<ChatResult> AskAsync(string question, GenerationOptions options) =>
        await Client.ChatAsync("starter", question, options).OrBroken("the answer");
}
