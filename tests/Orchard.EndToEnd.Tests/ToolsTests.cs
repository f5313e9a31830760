using System.Text.Json;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Tools and thinking, by the starter model on the real engine.</summary>
public sealed class ToolsTests(EngineFixture fixture)
{
    private static readonly Tool Weather = Tool.FromJson(
        "get_weather", "Get the current weather for a city.", """{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}""");

    private static readonly GenerationOptions WithWeather = new() { Tools = [Weather] };

    [Fact]
    public async Task Chat_QuestionForATool_CallsItAndAnswersFromItsResult()
    {
        Message question = Message.User("What is the weather in Paris?");

        ChatResult asked = await fixture.Client.ChatAsync("starter", [question], WithWeather).OrBroken("the call");
        ToolCall call = Assert.Single(asked.ToolCalls);
        ChatResult answer = await fixture.Client.ChatAsync(
            "starter",
            [question, asked.ToMessage(), Message.Tool(call.Id, """{"temperature": 18, "condition": "sunny"}""")],
            WithWeather).OrBroken("the answer");

        Assert.Equal(("", FinishReason.ToolCalls), (asked.Text, asked.FinishReason));
        Assert.Equal(("get_weather", "Paris"), (call.Name, JsonDocument.Parse(call.Arguments).RootElement.GetProperty("city").GetString()));
        Assert.Empty(answer.ToolCalls);
        Assert.Contains("18", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_QuestionForNoTool_IsAnswered()
    {
        ChatResult answer = await fixture.Client.ChatAsync("starter", [Message.User("What is the capital of France?")], WithWeather).OrBroken("the answer");

        Assert.Empty(answer.ToolCalls);
        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thinking_IsApartFromTheAnswerInWholeAndInPieces()
    {
        var options = new GenerationOptions { EnableReasoning = true };

        ChatResult whole = await fixture.Client.ChatAsync("starter", "Work out 15 - 6", options).OrBroken("the answer");
        var deltas = new List<ChatDelta>();
        await foreach (ChatDelta delta in fixture.Client.ChatStreamAsync("starter", "Work out 15 - 6", options))
        {
            deltas.Add(delta);
        }

        Assert.NotEmpty(whole.Reasoning);
        Assert.StartsWith("15 - 6 = ", whole.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("think>", whole.Text + whole.Reasoning, StringComparison.Ordinal);
        Assert.True(whole.Usage.ReasoningTokens > 0);
        Assert.Equal(whole.Text, string.Concat(deltas.Select(delta => delta.Text)));
        Assert.Equal(whole.Reasoning, string.Concat(deltas.Select(delta => delta.Reasoning)));
        Assert.Equal(whole.Usage with { CachedTokens = 0 }, deltas[^1].Usage!.Value with { CachedTokens = 0 });
    }

    [Fact]
    public async Task StopSequence_MetInTheReasoning_EndsOnlyTheAnswer()
    {
        var options = new GenerationOptions { EnableReasoning = true };
        ChatResult whole = await fixture.Client.ChatAsync("starter", "Work out 15 - 6", options).OrBroken("the answer");
        string inReasoning = whole.Reasoning.Split(' ').First(word => word.Length > 1 && !whole.Text.Contains(word, StringComparison.Ordinal));

        ChatResult unchanged = await fixture.Client.ChatAsync("starter", "Work out 15 - 6", options with { StopSequences = [inReasoning] }).OrBroken("the whole answer");
        ChatResult cut = await fixture.Client.ChatAsync("starter", "Work out 15 - 6", options with { StopSequences = ["="] }).OrBroken("the answer up to the stop sequence");

        Assert.Equal((whole.Reasoning, whole.Text), (unchanged.Reasoning, unchanged.Text));
        Assert.Equal((whole.Reasoning, "15 - 6 "), (cut.Reasoning, cut.Text));
    }

    [Theory]
    [InlineData("Hello!")]
    [InlineData("What is 3 + 4?")]
    public async Task Required_WhateverIsAsked_IsACallThatHoldsToItsSchema(string question)
    {
        GenerationOptions options = WithWeather with { ToolChoice = ToolChoice.Required, MaxToolCalls = 1, Temperature = 1.5, TopK = 0, TopP = 1, MinP = 0, MaxOutputTokens = 300 };
        for (uint seed = 1; seed <= 4; seed++)
        {
            ChatResult result = await fixture.Client.ChatAsync("starter", question, options with { Seed = seed }).OrBroken("the call");

            ToolCall call = Assert.Single(result.ToolCalls);
            Assert.Equal(("get_weather", ""), (call.Name, result.Text));
            Assert.True(result.FinishReason == FinishReason.Length || call.Error is null, call.Error?.Message);
        }
    }

    [Fact]
    public async Task Named_OfSeveralTools_IsTheOneThatIsCalled()
    {
        var add = Tool.FromJson("Add", "Add two numbers.", """{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}""");

        ChatResult result = await fixture.Client.ChatAsync(
            "starter", "What is the weather in Paris?", new GenerationOptions { Tools = [Weather, add], ToolChoice = ToolChoice.Named("Add") }).OrBroken("the call");

        ToolCall call = Assert.Single(result.ToolCalls);
        Assert.Equal("Add", call.Name);
        Assert.Null(call.Error);
        Assert.Equal(["a", "b"], JsonElement.Parse(call.Arguments).EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task ManyToolsWithWildDescriptions_DisturbNeitherPromptNorGrammar()
    {
        Tool[] tools =
        [
            .. Enumerable.Range(0, 20).Select(i => new Tool(
                $"tool_{i}", $"\"quoted\" }}{{ </tool_call> <|im_end|>\n🦔 {i}", JsonElement.Parse($$$"""{"type": "object", "properties": {"p_{{{i}}}": {"type": "boolean"}}, "required": ["p_{{{i}}}"]}"""))),
        ];
        var options = new GenerationOptions { Tools = tools, ToolChoice = ToolChoice.Named("tool_13"), MaxOutputTokens = 60 };

        ChatResult result = await fixture.Client.ChatAsync("starter", "Go", options).OrBroken("the call");

        ToolCall call = Assert.Single(result.ToolCalls);
        Assert.Equal("tool_13", call.Name);
        Assert.Null(call.Error);
    }

    [Fact]
    public async Task SchemaThatCannotBeEnforced_IsRefusedBeforeTheFirstTokenIfTheToolIsStrict()
    {
        var tool = Tool.FromJson("pick", null, """{"type": "object", "properties": {"a": {"type": "array", "uniqueItems": true}}}""");

        var error = await Assert.ThrowsAsync<UnsupportedSchemaException>(() => fixture.Client.ChatAsync(
            "starter", "Hello", new GenerationOptions { Tools = [new Tool("pick", null, tool.Parameters) { IsStrict = true }] }).OrBroken("the refusal"));
        ChatResult answer = await fixture.Client.ChatAsync("starter", "Hello", new GenerationOptions { Tools = [tool, Weather] }).OrBroken("the answer");

        Assert.Equal("uniqueItems", error.Keyword);
        Assert.Contains("'pick'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("response format", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Text + string.Concat(answer.ToolCalls.Select(call => call.Name)));
    }

    [Fact]
    public async Task SchemaThatCannotBeEnforcedInFull_IsValidatedAfterwards()
    {
        var tool = Tool.FromJson("pick", null, """{"type": "object", "properties": {"word": {"enum": ["aa", "ab", "abab"], "pattern": "^(..)\\1$"}}, "required": ["word"]}""");
        var options = new GenerationOptions { Tools = [tool], ToolChoice = ToolChoice.Required, MaxToolCalls = 1, MaxOutputTokens = 60, Temperature = 1.5 };

        ChatResult[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            seed => fixture.Client.ChatAsync("starter", "Pick a word.", options with { Seed = (uint)seed }))).OrBroken("the answers");

        ToolCall[] calls = [.. answers.Where(answer => answer.FinishReason != FinishReason.Length).SelectMany(answer => answer.ToolCalls)];
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal(JsonElement.Parse(call.Arguments).GetProperty("word").GetString() == "abab", call.Error is null));
        Assert.All(calls.Where(call => call.Error is not null), call => Assert.Contains("pattern", call.Error!.Message, StringComparison.Ordinal));
    }
}
