namespace Orchard.Extensions.AI.Tests.Mapping;

/// <summary>Messages of agents, workflows, other providers and restored sessions, as a conversation.</summary>
public sealed class HistoryMappingTests
{
    private static readonly FunctionCallContent Call = new("a1", "add", new Dictionary<string, object?> { ["a"] = 2 });

    public static TheoryData<string, string> Roles => new()
    {
        { "developer", "System" }, { "Developer", "System" }, { "tool", "Tool" }, { "function", "Tool" }, { "model", "Assistant" },
        { "critic", "User" }, { "ASSISTANT", "Assistant" },
    };

    [Theory]
    [MemberData(nameof(Roles))]
    public void Message_AnyRole_HasAPlace(string role, string expected) =>
        Assert.Equal((expected, "Hi"), Single(new ChatMessage(new ChatRole(role), "Hi")) is var message ? (message.Role.ToString(), message.Text) : default);

    [Fact]
    public void Message_CallsAndResultsInOne_AreInTheirOrder()
    {
        IReadOnlyList<Message> conversation = Convert(
            new ChatMessage(ChatRole.Assistant, [new TextContent("Let me see."), Call, new FunctionResultContent("a1", 5), new TextContent("It is 5.")]));

        Assert.Equal(
            [(MessageRole.Assistant, "Let me see.", 1), (MessageRole.Tool, "5", 0), (MessageRole.Assistant, "It is 5.", 0)],
            conversation.Select(message => (message.Role, message.Text, message.ToolCalls.Count)));
    }

    [Fact]
    public void Message_CallOfAnotherRole_IsTheAssistants()
    {
        IReadOnlyList<Message> conversation = Convert(new ChatMessage(ChatRole.User, [new TextContent("I asked:"), Call]));

        Assert.Equal([(MessageRole.User, 0), (MessageRole.Assistant, 1)], conversation.Select(message => (message.Role, message.ToolCalls.Count)));
    }

    [Fact]
    public void Message_OfAToolWithText_AddsItToTheResult()
    {
        Assert.Equal("5\nin metres", Single(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a1", 5), new TextContent("in metres")])).Text);
        Assert.Equal((MessageRole.Tool, "5", null), Single(new ChatMessage(ChatRole.Tool, "5")) is var result ? (result.Role, result.Text, result.ToolCallId) : default);
    }

    public static TheoryData<AIContent> NothingToSay => [new AIContent(), new UsageContent(new()), new TextContent(""), new TextReasoningContent(""), new TextReasoningContent(null) { ProtectedData = "x" }];

    [Theory]
    [MemberData(nameof(NothingToSay), DisableDiscoveryEnumeration = true)]
    public void Message_ThatSaysNothing_IsLeftOut(AIContent content) => Assert.Equal(
        ["Hi", "Bye"], Convert(new(ChatRole.User, "Hi"), new(ChatRole.Assistant, [content]), new(ChatRole.Assistant, []), new(ChatRole.User, "Bye")).Select(message => message.Text));

    [Fact]
    public void Message_TheOnlyOne_MayBeEmpty() => Assert.Equal("", Single(new ChatMessage(ChatRole.User, "")).Text);

    [Fact]
    public void Message_ErrorAndFiles_AreSaid() => Assert.Equal(
        "So:\nError: out of paper\n[file report.pdf]\n[vector store v1]\nDone.",
        Single(new ChatMessage(
            ChatRole.Assistant,
            [
                new TextContent("So"), new TextContent(":"), new ErrorContent("out of paper"), new HostedFileContent("f1") { Name = "report.pdf" },
                new HostedVectorStoreContent("v1"), new TextContent("Done."),
            ])).Text);

    [Fact]
    public void Message_DataThatIsText_IsRead() => Assert.Equal(
        "Read:\na,b", Single(new ChatMessage(ChatRole.User, [new TextContent("Read:"), new DataContent("a,b"u8.ToArray(), "text/csv")])).Text);

    [Fact]
    public void Message_ImageOfAnEarlierTurn_IsNoted()
    {
        IReadOnlyList<Message> conversation = Convert(
            new(ChatRole.User, [new DataContent(new byte[300], "image/png")]), new(ChatRole.Assistant, "A cat."), new(ChatRole.User, "What colour?"));

        Assert.Equal(
            "[image/png, 300 bytes, which cannot be shown to the model]",
            Assert.IsType<ImagePart>(Assert.Single(conversation[0].Content)).AlternativeText);
    }

    [Fact]
    public void Approval_RequestAndAnswer_AreNoTurnsOfTheirOwn()
    {
        var request = new ToolApprovalRequestContent("r1", Call);

        Assert.Equal(
            ["Add.", "", "5", "Five."],
            Convert(
                new(ChatRole.User, "Add."),
                new(ChatRole.Assistant, [request]),
                new(ChatRole.User, [request.CreateResponse(true)]),
                new(ChatRole.Assistant, [Call]),
                new(ChatRole.Tool, [new FunctionResultContent("a1", 5)]),
                new(ChatRole.Assistant, "Five.")).Select(message => message.Text));
    }

    [Fact]
    public void Approval_Refused_IsACallWithThatResult()
    {
        var request = new ToolApprovalRequestContent("r1", Call);

        IReadOnlyList<Message> conversation = Convert(
            new(ChatRole.User, "Add."), new(ChatRole.Assistant, [request]), new(ChatRole.User, [request.CreateResponse(false, "Too late.")]));

        Assert.Equal("add", Assert.Single(conversation[1].ToolCalls).Name);
        Assert.Equal((MessageRole.Tool, "a1", "The user rejected this call. Too late."), (conversation[2].Role, conversation[2].ToolCallId, conversation[2].Text));
    }

    [Fact]
    public void McpCallOfAService_IsACallWithItsResult()
    {
        IReadOnlyList<Message> conversation = Convert(new ChatMessage(
            ChatRole.Assistant,
            [new McpServerToolCallContent("m1", "search", "docs"), new McpServerToolResultContent("m1") { Outputs = [new TextContent("Found.")] }, new TextContent("There.")]));

        Assert.Equal(("search", "Found.", "There."), (conversation[0].ToolCalls[0].Name, conversation[1].Text, conversation[2].Text));
    }

    [Fact]
    public void Call_WithArgumentsThatJsonCannotExpress_HasTheirText()
    {
        var arguments = new Dictionary<string, object?> { ["x"] = double.NaN, ["t"] = typeof(string), ["n"] = null };
        var call = new FunctionCallContent("1", "f", arguments);

        Assert.Equal("""{"x":"NaN","t":"System.String","n":null}""", ToolMapping.ToCall(call, ToolNames.None).Arguments);
    }

    [Fact]
    public void Call_WithArgumentsThatCouldNotBeRead_KeepsWhatTheModelWrote()
    {
        var raw = new ToolCall("a1", "add", "{\"a\": ");

        Assert.Equal("{\"a\": ", Single(new ChatMessage(ChatRole.Assistant, [ToolMapping.ToContent(raw, ToolNames.None, isAnswerCut: true)])).ToolCalls[0].Arguments);
    }

    private static Message Single(ChatMessage message) => Assert.Single(Convert(message));

    private static IReadOnlyList<Message> Convert(params ChatMessage[] messages) => MessageMapping.ToConversation(messages, null);
}
