using System.Text.Json.Serialization;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Tools;

/// <summary>Calls and thinking as they come from an engine, whole and in pieces.</summary>
public sealed partial class ToolCallTests : IAsyncDisposable
{
    private static readonly GenerationOptions Options = new()
    {
        Tools =
        [
            Tool.FromJson(
                "get_weather",
                "The weather in a city.",
                """{"type": "object", "properties": {"city": {"type": "string"}, "unit": {"enum": ["C", "F"]}}, "required": ["city"], "additionalProperties": false}"""),
            Tool.FromJson("add", null, """{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}"""),
        ],
    };

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Chat_ModelCallsATool_CallHasIdNameAndArguments()
    {
        ChatResult answer = await AskAsync(new FakeReply().Call("get_weather", ["{\"ci", "ty\": \"Par", "is\"}"]));

        ToolCall call = Assert.Single(answer.ToolCalls);
        Assert.Equal(("get_weather", """{"city": "Paris"}""", null), (call.Name, call.Arguments, call.Error));
        Assert.Equal("Paris", call.ReadArguments(Json.Default.Place).City);
        Assert.Equal((FinishReason.ToolCalls, ""), (answer.FinishReason, answer.Text));
        Assert.Matches("^[a-zA-Z0-9]{9}$", call.Id);
    }

    [Fact]
    public async Task Chat_TextThoughtAndSeveralCalls_NoneIsInTheOther()
    {
        ChatResult answer = await AskAsync(
            new FakeReply().Reason("Two ").Reason("cities.").Say("Let me ").Say("look.").Call("get_weather", "{\"city\": \"Rome\"}").Call("add", "{\"a\": 1, \"b\": 2}"));

        Assert.Equal(("Two cities.", "Let me look."), (answer.Reasoning, answer.Text));
        Assert.Equal(["get_weather", "add"], answer.ToolCalls.Select(call => call.Name));
        Assert.Equal(2, answer.ToolCalls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(2, answer.Usage.ReasoningTokens);
        Assert.Equal(10, answer.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Stream_AnyReply_GivesWhatTheWholeAnswerHas()
    {
        FakeReply reply = new FakeReply().Reason("Hm. ").Reason("Yes.").Say("So: ").Call("add", ["{\"a\"", ": 4", "}"]).Call("add", []).Say("done");
        ChatResult whole = await AskAsync(reply);
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        List<ChatDelta> pieces = [];
        await foreach (ChatDelta piece in client.ChatStreamAsync("starter", "Go", Options))
        {
            pieces.Add(piece);
        }

        Assert.Equal(whole.Text, string.Concat(pieces.Select(piece => piece.Text)));
        Assert.Equal(whole.Reasoning, string.Concat(pieces.Select(piece => piece.Reasoning)));
        Assert.Equal((whole.FinishReason, whole.Usage), (pieces[^1].FinishReason, pieces[^1].Usage));
        IEnumerable<IGrouping<int, ToolCallDelta>> calls = pieces.SelectMany(piece => piece.ToolCalls).GroupBy(piece => piece.Index);
        Assert.Equal(
            whole.ToolCalls.Select(call => (call.Name, call.Arguments)),
            calls.Select(call => (call.First().Name, string.Concat(call.Select(piece => piece.Arguments)))));
        Assert.All(calls, call => Assert.Equal(call.First().Id, Assert.Single(call, piece => piece.Call is not null).Call!.Id));
    }

    [Theory]
    [InlineData("get_weather", "{}", "lacks 'city'")]
    [InlineData("get_weather", """{"city": 5}""", "$.city is 5")]
    [InlineData("get_weather", """{"city": "x", "unit": "K"}""", "$.unit")]
    [InlineData("get_weather", """{"city": "x", "day": 1}""", "'day'")]
    [InlineData("get_weather", """{"city": """, "not valid JSON")]
    [InlineData("get_weather", "[1]", "not an object")]
    [InlineData("add", """{"a": 1.5}""", "$.a is 1.5")]
    [InlineData("launch", "{}", "no such tool")]
    public async Task Chat_CallThatDoesNotFitTheTool_HasATypedErrorThatSaysHow(string name, string arguments, string why)
    {
        ToolCall call = Assert.Single((await AskAsync(new FakeReply().Call(name, arguments))).ToolCalls);

        Assert.Contains(why, call.Error!.Message, StringComparison.Ordinal);
        Assert.Equal((name, arguments), (call.Error.ToolName, call.Error.Arguments));
        Assert.Throws<ToolCallException>(() => call.ReadArguments(Json.Default.Place));
    }

    [Fact]
    public async Task Chat_AnswerEndsInsideACall_CallIsCutShortAndSaysSo()
    {
        ChatResult answer = await AskAsync(new FakeReply().BeginCall("get_weather", "{\"city\": \"Pa").Finish(FinishReason.Length));

        ToolCall call = Assert.Single(answer.ToolCalls);
        Assert.Equal((FinishReason.Length, "{\"city\": \"Pa"), (answer.FinishReason, call.Arguments));
        Assert.Contains("ended before the call did", call.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_ToolsAndChoice_ReachTheEngineInTheFamilysForm()
    {
        _engine.Script.Answer(new FakeReply());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        await client.ChatAsync("starter", "Go", Options with { ToolChoice = ToolChoice.Named("add"), MaxToolCalls = 2 }).OrBroken("the answer");

        FakePrompt prompt = Assert.Single(Assert.Single(_engine.Requests).Prompts);
        Assert.Equal(["add", "get_weather"], prompt.Options.Tools.Select(tool => tool.Name));
        Assert.Equal((ToolChoice.Named("add"), 2), (prompt.Options.ToolChoice, prompt.Options.MaxToolCalls));
    }

    [Fact]
    public async Task Chat_ResultOfACall_ConversationGoesOn()
    {
        _engine.Script.Answer(prompt => prompt.Text.Contains("18 degrees", StringComparison.Ordinal)
            ? FakeReply.Of("It is mild.")
            : new FakeReply().Call("get_weather", "{\"city\": \"Paris\"}"));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        List<Message> conversation = [Message.User("How is Paris?")];

        ChatResult first = await client.ChatAsync("starter", conversation, Options).OrBroken("the call");
        conversation.Add(first.ToMessage());
        conversation.Add(Message.Tool(first.ToolCalls[0].Id, "18 degrees"));
        ChatResult second = await client.ChatAsync("starter", conversation, Options).OrBroken("the answer");

        Assert.Equal(("It is mild.", FinishReason.Stop), (second.Text, second.FinishReason));
    }

    private async Task<ChatResult> AskAsync(FakeReply reply)
    {
        _engine.Script.Answer(reply);
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        return await client.ChatAsync("starter", "Go", Options).OrBroken("the answer");
    }

    internal sealed record Place([property: JsonPropertyName("city")] string City);

    [JsonSerializable(typeof(Place))]
    internal sealed partial class Json : JsonSerializerContext;
}
