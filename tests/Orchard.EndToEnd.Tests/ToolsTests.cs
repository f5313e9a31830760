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
        Assert.Equal(("get_weather", "Paris"), (call.Name, System.Text.Json.JsonDocument.Parse(call.Arguments).RootElement.GetProperty("city").GetString()));
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
        var options = new GenerationOptions { EnableThinking = true };

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
}
