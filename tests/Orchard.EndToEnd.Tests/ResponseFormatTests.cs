using System.Text.Json;
using System.Text.Json.Serialization;
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
            ChatResult answer = await AskAsync("What is the capital of France?", new() { ResponseFormat = format, Temperature = 1.5, TopK = 0, TopP = 1, MinP = 0, Seed = seed });

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
            TopK = 0,
            TopP = 1,
            MinP = 0,
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
            "Tell me a story.", new() { ResponseFormat = ResponseFormat.Grammar("root ::= \"{\" [a-z]{200} \"}\""), MaxOutputTokens = 5 });

        Assert.Equal(FinishReason.Length, answer.FinishReason);
    }

    [Theory]
    [InlineData("root ::= root \"a\"", "begin with itself")]
    [InlineData("root ::= \"a\" |", null)]
    [InlineData("root ::= \"a", "line 1")]
    [InlineData("roof ::= \"a\"", "root")]
    public async Task Chat_BadGrammar_IsRefusedAndTheEngineLives(string gbnf, string? problem)
    {
        Task<ChatResult> asking = AskAsync("Hi", new() { ResponseFormat = ResponseFormat.Grammar(gbnf), MaxOutputTokens = 3 });

        if (problem is not null)
        {
            var error = await Assert.ThrowsAsync<RequestRejectedException>(() => asking);
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.Equal("invalid_response_format", error.Code);
        }

        Assert.NotEmpty((await Client.ChatAsync("starter", "What is the capital of France?")).Text);
    }

    [Fact]
    public async Task Chat_Schema_GivesWhatItDescribes_WholeOrInPieces()
    {
        GenerationOptions options = new()
        {
            ResponseFormat = ResponseFormat.JsonSchema(
                """{"type":"object","properties":{"city":{"type":"string","maxLength":20},"population":{"type":"integer","minimum":1}},"required":["city","population"],"additionalProperties":false}"""),
            Temperature = 1.5,
            TopK = 0,
            TopP = 1,
            MinP = 0,
            Seed = 4,
        };

        ChatResult whole = await AskAsync("What is the capital of France?", options);
        List<ChatDelta> deltas = [];
        await foreach (ChatDelta delta in Client.ChatStreamAsync("starter", "What is the capital of France?", options))
        {
            deltas.Add(delta);
        }

        using var value = JsonDocument.Parse(whole.Text);
        Assert.Equal(JsonValueKind.String, value.RootElement.GetProperty("city").ValueKind);
        Assert.True(value.RootElement.GetProperty("population").GetInt64() >= 1);
        Assert.Equal((whole.Text, whole.FinishReason, whole.Usage.CompletionTokens), (string.Concat(deltas.Select(delta => delta.Text)), deltas[^1].FinishReason!.Value, deltas[^1].Usage!.Value.CompletionTokens));
    }

    [Fact]
    public async Task Chat_ExpressionAndAnyObject_AreHeldTo()
    {
        ChatResult date = await AskAsync("When?", new() { ResponseFormat = ResponseFormat.Regex("[12][0-9]{3}-(0[1-9]|1[0-2])"), Temperature = 1.5, TopK = 0, TopP = 1, MinP = 0, Seed = 1 });
        ChatResult json = await AskAsync("What?", new() { ResponseFormat = ResponseFormat.JsonObject, Temperature = 0.7, Seed = 1, MaxOutputTokens = 200 });

        Assert.Matches("^[12][0-9]{3}-(0[1-9]|1[0-2])$", date.Text);
        Assert.StartsWith("{", json.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_SchemaThatCannotBeEnforced_NamesPlaceAndKeyword()
    {
        var format = ResponseFormat.JsonSchema("""{"type":"object","properties":{"tags":{"type":"array","uniqueItems":true}}}""");

        var error = await Assert.ThrowsAsync<UnsupportedSchemaException>(() => AskAsync("Hi", new() { ResponseFormat = format }));

        Assert.Equal(("/properties/tags", "uniqueItems"), (error.Path, error.Keyword));
    }

    [Fact]
    public async Task Chat_Type_GivesAValue()
    {
        ChatResult<Capital> answer = await Client.ChatAsync(
            "starter", [Message.User("What is the capital of France?")], ResponseFormatJson.Default.Capital, new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = 2 }).OrBroken("the answer");

        Assert.Contains(answer.Value.IsLarge ? "true" : "false", answer.Result.Text, StringComparison.Ordinal);
        Assert.Equal(FinishReason.Stop, answer.Result.FinishReason);
    }

    [Fact]
    public async Task Chat_TypeCutByTheTokenLimit_IsNoValue()
    {
        var error = await Assert.ThrowsAsync<StructuredOutputException>(() => Client.ChatAsync(
            "starter", [Message.User("What is the capital of France?")], ResponseFormatJson.Default.Capital, new() { MaxOutputTokens = 3 }).OrBroken("the answer"));

        Assert.Equal(FinishReason.Length, error.Result.FinishReason);
    }

    [Fact]
    public void Options_ThatConflictWithAFormat_AreRefusedBeforeSending()
    {
        GenerationOptions json = new() { ResponseFormat = ResponseFormat.JsonObject };

        Assert.Throws<ArgumentException>(() => { _ = Client.ChatStreamAsync("starter", "Hi", json with { StopSequences = ["x"] }); });
        Assert.Throws<ArgumentException>(() => { _ = Client.ChatStreamAsync("starter", "Hi", json with { IgnoreEndOfSequence = true }); });
        Assert.Throws<ArgumentException>(() => ResponseFormat.JsonSchema("{\"type\":"));
        Assert.Throws<ArgumentException>(() => ResponseFormat.JsonSchema("[]"));
        Assert.Throws<ArgumentException>(() => ResponseFormat.Regex("(a"));
    }

    private async Task<ChatResult> AskAsync(string question, GenerationOptions options) =>
        await Client.ChatAsync("starter", question, options).OrBroken("the answer");
}

/// <param name="IsLarge">Whether it is.</param>
/// <param name="Population">How many live there.</param>
/// <param name="Founded">When it was founded, if that is known.</param>
internal sealed record Capital(bool IsLarge, int Population, DateOnly? Founded);

[JsonSerializable(typeof(Capital))]
internal sealed partial class ResponseFormatJson : JsonSerializerContext;
