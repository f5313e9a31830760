using Orchard.Calls;
using Orchard.Calls.Responses;
using Orchard.Responses;

namespace Orchard.Tests.Responses;

/// <summary>Items of a request as the messages of a chat, and what is refused.</summary>
public sealed class ResponseInputTests
{
    private static readonly MessageItem Question = MessageItem.User("How is Paris?");

    private static readonly FunctionCallItem Call = new("call_1", "get_weather", "{\"city\": \"Paris\"}");

    private static readonly FunctionCallItem Second = new("call_2", "get_weather", Call.Arguments);

    [Fact]
    public void Conversation_EachRoleKeepsItsPlace() => Assert.Equal(
        [(MessageRole.System, "Be brief."), (MessageRole.User, "Hi"), (MessageRole.Assistant, "Hello."), (MessageRole.System, "Now in French."), (MessageRole.User, "Bye")],
        Convert(MessageItem.System("Be brief."), MessageItem.User("Hi"), MessageItem.Assistant("Hello."), MessageItem.System("Now in French."), MessageItem.User("Bye"))
            .Select(message => (message.Role, message.Text)));

    [Theory]
    [InlineData(null, "Two.", "Two.")]
    [InlineData("One.", "Two.", "One.\n\nTwo.")]
    [InlineData("", "Two.", "Two.")]
    public void Instructions_AreOneMessageWithTheSystemsFirst(string? instructions, string system, string expected)
    {
        IReadOnlyList<Message> messages = ResponseInput.ToMessages(new ResponseRequest { Instructions = instructions, Input = [MessageItem.System(system), Question] });

        Assert.Equal([(MessageRole.System, expected), (MessageRole.User, Question.Text)], messages.Select(message => (message.Role, message.Text)));
    }

    [Fact]
    public void InstructionsAlone_AreTheFirstMessage() => Assert.Equal(
        [Message.System("Be brief.").Text, Question.Text],
        ResponseInput.ToMessages(new ResponseRequest { Instructions = "Be brief.", Input = [Question] }).Select(message => message.Text));

    [Fact]
    public void TurnOfTheModel_IsOneMessageWithThoughtsTextAndCalls()
    {
        FunctionCallItem second = new("call_2", "get_weather", "{}");

        IReadOnlyList<Message> messages = Convert(
            Question,
            new ReasoningItem("Two "),
            new ReasoningItem("calls."),
            MessageItem.Assistant("Let me "),
            Call,
            MessageItem.Assistant("look."),
            second,
            new FunctionCallOutputItem("call_2", "rain"),
            new FunctionCallOutputItem("call_1", "18 degrees"),
            MessageItem.Assistant("It is mild."));

        Assert.Equal([MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Tool, MessageRole.Assistant], messages.Select(message => message.Role));
        Assert.Equal(("Let me look.", "Two calls."), (messages[1].Text, messages[1].Reasoning));
        Assert.Equal(
            [("call_1", "get_weather", Call.Arguments), ("call_2", "get_weather", "{}")],
            messages[1].ToolCalls.Select(call => (call.Id, call.Name, call.Arguments)));
        Assert.Equal([("call_2", "rain"), ("call_1", "18 degrees")], messages.Skip(2).Take(2).Select(message => (message.ToolCallId, message.Text)));
        Assert.Equal(("It is mild.", null, 0), (messages[4].Text, messages[4].Reasoning, messages[4].ToolCalls.Count));
    }

    [Fact]
    public void CallsOneAfterTheOther_AreTurnsOfTheirOwn()
    {
        IReadOnlyList<Message> messages = Convert(
            Question, Call, new FunctionCallOutputItem("call_1", "18 degrees"), Second, new FunctionCallOutputItem("call_2", "rain"));

        Assert.Equal(
            [MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Assistant, MessageRole.Tool], messages.Select(message => message.Role));
    }

    [Fact]
    public void CallsAndOutputsWithoutTheOther_AreTaken()
    {
        FunctionCallItem unknown = new("call_1", "launch", "{}");

        Assert.Equal(
            [MessageRole.User, MessageRole.Tool, MessageRole.Assistant, MessageRole.User, MessageRole.Assistant],
            Convert(Question, new FunctionCallOutputItem("call_9", "x"), Call, unknown, Question, Call).Select(message => message.Role));
    }

    public static TheoryData<string, ResponseItem[]> Refused => new()
    {
        { "Input item 1 is null", [Question, null!] },
        { "Input item 0 is a message of the role 'Tool'", [new MessageItem(MessageRole.Tool, "x")] },
        { "Input item 0 is a message of the role '9'", [new MessageItem((MessageRole)9, "x")] },
        { "The text of input item 0 is null", [MessageItem.User((string)null!)] },
        { "The text of input item 1 is null", [Question, new ReasoningItem(null!)] },
        { "The output of input item 2 is null", [Question, Call, new FunctionCallOutputItem("call_1", (string)null!)] },
        { "Input item 1 is a tool call with a null id, name or arguments.", [Question, new FunctionCallItem(null!, "get_weather", "{}")] },
        { "Input item 1 is a tool call with a null id, name or arguments.", [Question, new FunctionCallItem("call_1", "get_weather", null!)] },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void ItemThatCannotBeSent_IsRefusedByItsIndex(string message, ResponseItem[] input)
    {
        var request = new ResponseRequest { Input = input, Options = new GenerationOptions { Tools = [new Tool("get_weather")] } };

        var error = Assert.Throws<ArgumentException>(() => ResponseInput.ToMessages(request));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("Input", error.ParamName);
    }

    public static TheoryData<string, ResponseRequest> RefusedRequests => new()
    {
        { "Input", Request with { Input = [] } },
        { "Input", Request with { Input = null! } },
        { "Options", Request with { Options = null! } },
        { "Metadata", Request with { Metadata = null! } },
        { "CandidateCount", Request with { Options = new GenerationOptions { CandidateCount = 2 } } },
        { "BestOf", Request with { Options = new GenerationOptions { BestOf = 3 } } },
    };

    [Theory]
    [MemberData(nameof(RefusedRequests), DisableDiscoveryEnumeration = true)]
    public void RequestForWhatThereIsNot_IsRefusedByName(string name, ResponseRequest request)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => request.Checked());

        Assert.Equal(name, error.ParamName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void RequestForOneAnswer_IsAccepted(int? bestOf) =>
        Assert.Equal(bestOf, (Request with { Options = new GenerationOptions { BestOf = bestOf } }).Checked().Options.BestOf);

    [Fact]
    public void RequestWithTheSameValues_IsAnotherRequest()
    {
        ResponseRequest copy = Request with { };

        Assert.NotEqual(Request, copy);
        Assert.Equal(copy, copy);
    }

    [Fact]
    public void Checked_IsNotTouchedByWhatHappensToTheListsLater()
    {
        List<ResponseItem> input = [Question];
        Dictionary<string, string> metadata = new() { ["a"] = "1" };

        ResponseRequest copy = new ResponseRequest { Input = input, Metadata = metadata }.Checked();
        input.Clear();
        metadata.Clear();

        Assert.Equal([Question], copy.Input);
        Assert.Equal("1", copy.Metadata["a"]);
    }

    private static ResponseRequest Request => new() { Input = [Question] };

    private static IReadOnlyList<Message> Convert(params ResponseItem[] items) => ResponseInput.ToMessages(new ResponseRequest { Input = items });
}
