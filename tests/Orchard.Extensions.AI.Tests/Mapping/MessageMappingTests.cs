namespace Orchard.Extensions.AI.Tests.Mapping;

public sealed class MessageMappingTests
{
    public static TheoryData<string, AIContent> Unsupported => new()
    {
        { "application/pdf", new DataContent(new byte[] { 1 }, "application/pdf") },
        { "UriContent", new UriContent("https://example.com/cat.png", "image/png") },
        { "Nothing is downloaded", new UriContent("https://example.com/cat.png", "image/*") },
    };

    [Fact]
    public void Messages_ThreeRolesAndInstructions_InTheirOrder()
    {
        IReadOnlyList<Message> conversation = MessageMapping.ToConversation(
            [new(ChatRole.System, "Be kind."), new(ChatRole.User, "I am Lena."), new(ChatRole.Assistant, "Hello."), new(ChatRole.User, "Who am I?")],
            "Be brief.");

        Assert.Equal(
            [
                (MessageRole.System, "Be brief."), (MessageRole.System, "Be kind."), (MessageRole.User, "I am Lena."),
                (MessageRole.Assistant, "Hello."), (MessageRole.User, "Who am I?"),
            ],
            conversation.Select(message => (message.Role, message.Text)));
    }

    [Fact]
    public void Message_SeveralTexts_AreOneAndThoughtsApart()
    {
        var message = new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("hm"), new TextContent("The answer "), new TextContent("is 3."), new UsageContent(new())]);

        Message mapped = Assert.Single(MessageMapping.ToConversation([message], null));
        Assert.Equal((MessageRole.Assistant, "The answer is 3.", "hm"), (mapped.Role, mapped.Text, mapped.Reasoning));
    }

    [Fact]
    public void Message_CallsAndResults_AreCallsAndAMessageForEachResult()
    {
        IReadOnlyList<Message> conversation = MessageMapping.ToConversation(
            [
                new(ChatRole.Assistant, [new TextContent("Let me see."), new FunctionCallContent("a1", "add", new Dictionary<string, object?> { ["a"] = 2 }), new FunctionCallContent("a2", "now")]),
                new(ChatRole.Tool, [new FunctionResultContent("a1", 5), new FunctionResultContent("a2", "noon")]),
            ],
            null);

        Assert.Equal([("a1", "add", "{\"a\":2}"), ("a2", "now", "{}")], conversation[0].ToolCalls.Select(call => (call.Id, call.Name, call.Arguments)));
        Assert.Equal("Let me see.", conversation[0].Text);
        Assert.Equal(
            [(MessageRole.Tool, "a1", "5"), (MessageRole.Tool, "a2", "noon")],
            conversation.Skip(1).Select(message => (message.Role, message.ToolCallId, message.Text)));
    }

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void Message_ContentThatIsNoText_RefusedSayingWhichAndWhat(string what, AIContent content)
    {
        var error = Assert.Throws<NotSupportedException>(
            () => MessageMapping.ToConversation([new(ChatRole.User, "Hi"), new(ChatRole.User, [content])], null));

        Assert.Contains("Message 1 ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }
}
