using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Chat;

public sealed class MessageTests
{
    [Fact]
    public void Text_JoinsThePartsOfTheContent()
    {
        Message message = Message.User([new TextPart("Hello "), new TextPart("there")]);

        Assert.Equal((MessageRole.User, "Hello there", 2), (message.Role, message.Text, message.Content.Count));
        Assert.Equal("Hi", Assert.IsType<TextPart>(Assert.Single(Message.User("Hi").Content)).Text);
    }

    [Fact]
    public void Content_IsACopy()
    {
        List<ContentPart> parts = [new TextPart("a")];
        Message message = Message.Tool("call", parts);
        parts.Clear();

        Assert.Equal(("a", "call"), (Assert.IsType<TextPart>(Assert.Single(message.Content)).Text, message.ToolCallId));
    }

    [Fact]
    public void Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("text", () => Message.User((string)null!));
        Assert.Throws<ArgumentNullException>("content", () => Message.User((IReadOnlyList<ContentPart>)null!));
        Assert.Throws<ArgumentException>("content", () => Message.User([null!]));
    }

    [Fact]
    public async Task Chat_PartsOfAMessage_ReachTheEngineAsOneText()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        await client.ChatAsync("starter", [Message.User([new TextPart("What is "), new TextPart("3 + 4?")])]).OrBroken("the answer");

        Assert.Equal("What is 3 + 4?", Assert.Single(Assert.Single(engine.Requests).Prompts).Question);
    }

    [Fact]
    public void FinishReason_ThatWasNotSet_IsNoSuccess() => Assert.Equal(FinishReason.Unknown, default(FinishReason));
}
