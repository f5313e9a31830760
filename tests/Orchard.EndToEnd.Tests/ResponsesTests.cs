using System.Text.Json;
using Orchard.Responses;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Responses, by the starter model on the real engine.</summary>
public sealed class ResponsesTests(EngineFixture fixture)
{
    private static readonly Tool Weather = Tool.FromJson(
        "get_weather", "Get the current weather for a city.", """{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}""");

    [Fact]
    public async Task Responses_Question_IsAnswered()
    {
        Response response = await fixture.Client.ResponsesAsync("starter", "What is the capital of France?").OrBroken("the response");

        Assert.Equal(ResponseStatus.Completed, response.Status);
        Assert.Contains("Paris", response.OutputText, StringComparison.Ordinal);
        Assert.Equal("message", Assert.Single(response.Output).Type);
        Assert.True(response.Usage is { PromptTokens: > 0, CompletionTokens: > 0 });
    }

    [Fact]
    public async Task Responses_QuestionForATool_CallsItAndAnswersFromItsOutput()
    {
        var request = new ResponseRequest { Input = [MessageItem.User("What is the weather in Paris?")], Options = new GenerationOptions { Tools = [Weather] } };

        Response asked = await fixture.Client.ResponsesAsync("starter", request).OrBroken("the call");
        var call = Assert.IsType<FunctionCallItem>(Assert.Single(asked.Output));
        ResponseRequest next = request with
        {
            Input = [.. request.Input, .. asked.Output, new FunctionCallOutputItem(call.CallId, """{"temperature": 18, "condition": "sunny"}""")],
        };
        Response answer = await fixture.Client.ResponsesAsync("starter", next).OrBroken("the answer");

        Assert.Equal(("get_weather", "Paris", null), (call.Name, JsonElement.Parse(call.Arguments).GetProperty("city").GetString(), call.Error));
        Assert.Contains("18", answer.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Output, item => item is FunctionCallItem);
    }

    [Theory]
    [InlineData("What is the weather in Paris?", null, null, ResponseStatus.Completed)]
    [InlineData("Work out 15 - 6", true, null, ResponseStatus.Completed)]
    [InlineData("Count from 1 to 10.", null, 5, ResponseStatus.Incomplete)]
    public async Task Stream_EndsAsTheWholeResponseDoes(string question, bool? thinks, int? maxTokens, ResponseStatus status)
    {
        var options = new GenerationOptions { Tools = thinks is null ? [Weather] : [], EnableReasoning = thinks, MaxOutputTokens = maxTokens };

        Response whole = await fixture.Client.ResponsesAsync("starter", question, options).OrBroken("the response");
        List<ResponseEvent> events = await fixture.Client.ResponsesStreamAsync("starter", question, options).ToListAsync().AsTask().OrBroken("the events");

        Response streamed = Assert.IsAssignableFrom<ResponseSnapshotEvent>(events[^1]).Response;
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(told => told.SequenceNumber));
        Assert.Equal((status, thinks is true), (whole.Status, whole.Output is [ReasoningItem, ..]));
        Assert.Equal((whole.Status, whole.IncompleteReason, whole.OutputText), (streamed.Status, streamed.IncompleteReason, streamed.OutputText));
        Assert.Equal(whole.Output.Select(Describe), streamed.Output.Select(Describe));
        Assert.Equal(whole.Usage!.Value with { CachedTokens = 0 }, streamed.Usage!.Value with { CachedTokens = 0 });
        Assert.Equal(streamed.OutputText, string.Concat(events.OfType<OutputTextDeltaEvent>().Select(told => told.Delta)));
    }

    private static string Describe(ResponseItem item) => item switch
    {
        ReasoningItem reasoning => $"{reasoning.Status} thought: {reasoning.Text}",
        FunctionCallItem call => $"{call.Status} call: {call.Name} {call.Arguments}",
        MessageItem message => $"{message.Status} text: {message.Text}",
        _ => item.Type,
    };
}
