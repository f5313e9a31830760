using Orchard.Calls;
using Orchard.Calls.Responses;
using Orchard.Responses;

namespace Orchard.Tests.Responses;

/// <summary>Items of a request as the messages of a chat, and what is refused.</summary>
public sealed class ResponseInputTests
{
    private static readonly MessageItem Question = MessageItem.User("How is Paris?");

    private static readonly FunctionCallItem Call = new("call_1", "get_weather", "{\"city\": \"Paris\"}");

    [Fact]
    public void Conversation_EachRoleKeepsItsPlace() => Assert.Equal(
        [(MessageRole.System, "Be brief."), (MessageRole.User, "Hi"), (MessageRole.Assistant, "Hello."), (MessageRole.System, "Now in French."), (MessageRole.User, "Bye")],
        Convert(MessageItem.System("Be brief."), MessageItem.User("Hi"), MessageItem.Assistant("Hello."), MessageItem.System("Now in French."), MessageItem.User("Bye"))
            .Select(message => (message.Role, message.Content)));

    [Theory]
    [InlineData(null, "Two.", "Two.")]
    [InlineData("One.", "Two.", "One.\n\nTwo.")]
    [InlineData("", "Two.", "Two.")]
    public void Instructions_AreOneMessageWithTheSystemsFirst(string? instructions, string system, string expected)
    {
        IReadOnlyList<Message> messages = ResponseInput.ToMessages(new ResponseRequest { Instructions = instructions, Input = [MessageItem.System(system), Question] });

        Assert.Equal([(MessageRole.System, expected), (MessageRole.User, Question.Text)], messages.Select(message => (message.Role, message.Content)));
    }

    [Fact]
    public void InstructionsAlone_AreTheFirstMessage() => Assert.Equal(
        [Message.System("Be brief.").Content, Question.Text],
        ResponseInput.ToMessages(new ResponseRequest { Instructions = "Be brief.", Input = [Question] }).Select(message => message.Content));

    [Fact]
    public void TurnOfTheModel_IsOneMessageWithThoughtsTextAndCalls()
    {
        FunctionCallItem second = Call with { CallId = "call_2", Arguments = "{}" };

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
        Assert.Equal(("Let me look.", "Two calls."), (messages[1].Content, messages[1].Reasoning));
        Assert.Equal([Call.ToToolCall(), second.ToToolCall()], messages[1].ToolCalls);
        Assert.Equal([("call_2", "rain"), ("call_1", "18 degrees")], messages.Skip(2).Take(2).Select(message => (message.ToolCallId, message.Content)));
        Assert.Equal(("It is mild.", null, 0), (messages[4].Content, messages[4].Reasoning, messages[4].ToolCalls.Count));
    }

    [Fact]
    public void CallsOneAfterTheOther_AreTurnsOfTheirOwn()
    {
        IReadOnlyList<Message> messages = Convert(
            Question, Call, new FunctionCallOutputItem("call_1", "18 degrees"), Call with { CallId = "call_2" }, new FunctionCallOutputItem("call_2", "rain"));

        Assert.Equal(
            [MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Assistant, MessageRole.Tool], messages.Select(message => message.Role));
    }

    public static TheoryData<string, ResponseItem[]> Refused => new()
    {
        { "Input item 1 is null", [Question, null!] },
        { "Input item 0 is a message of the role 'Tool'", [new MessageItem(MessageRole.Tool, "x")] },
        { "Input item 0 is a message of the role '9'", [new MessageItem((MessageRole)9, "x")] },
        { "The text of input item 0 is null", [MessageItem.User(null!)] },
        { "The text of input item 1 is null, or has an unpaired surrogate", [Question, new ReasoningItem("\ud800")] },
        { "The output of input item 2", [Question, Call, new FunctionCallOutputItem("call_1", "\ud800")] },
        { "Input item 1 is the output of the call 'call_1', but no such call waits for one: none does", [Question, new FunctionCallOutputItem("call_1", "x")] },
        { "Input item 2 is the output of the call 'call_9', but no such call waits for one: call_1", [Question, Call, new FunctionCallOutputItem("call_9", "x")] },
        { "Input item 2 is the output of the call ''", [Question, Call, new FunctionCallOutputItem(null!, "x")] },
        { "Input item 3 is the output of the call 'call_1'", [Question, Call, new FunctionCallOutputItem("call_1", "x"), new FunctionCallOutputItem("call_1", "x")] },
        { "Input item 1 is the call 'call_1', but there is no output of it after it", [Question, Call] },
        { "Input item 1 is the call 'call_1', but there is no output of it before item 2", [Question, Call, Question] },
        {
            "Input item 1 is the call 'call_1', but there is no output of it before item 4",
            [Question, Call, Call with { CallId = "call_2" }, new FunctionCallOutputItem("call_2", "x"), MessageItem.Assistant("So")]
        },
        { "Input item 2 is a call with the id 'call_1', which an earlier call has already", [Question, Call, Call] },
        { "Input item 1 is a call without an id", [Question, Call with { CallId = "" }] },
        { "The call id of input item 1 is null", [Question, Call with { CallId = null! }] },
        { "The arguments of input item 1 is null", [Question, Call with { Arguments = null! }] },
        { "Input item 1 is a call of the tool 'launch', which is not among the Tools: get_weather", [Question, Call with { Name = "launch" }, new FunctionCallOutputItem("call_1", "x")] },
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
        { "PreviousResponseId", Request with { PreviousResponseId = "resp_1" } },
        { "Store", Request with { Store = true } },
        { "Background", Request with { Background = true } },
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
    [InlineData(false)]
    public void RequestThatKeepsNothing_IsTaken(bool? keeps) =>
        Assert.Equal(keeps, (Request with { Store = keeps, Background = keeps, Options = new GenerationOptions { BestOf = 1 } }).Checked().Store);

    [Fact]
    public void StateBetweenCalls_RefusalSaysWhatToDoInstead()
    {
        string message = Assert.Throws<ArgumentException>(() => (Request with { PreviousResponseId = "resp_1" }).Checked()).Message;

        Assert.Contains("keeps no state between calls", message, StringComparison.Ordinal);
        Assert.Contains("before the new ones in Input", message, StringComparison.Ordinal);
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
