using System.Text.Json;

namespace Orchard.Extensions.AI.Tests.Mapping;

/// <summary>Images and sound of Microsoft.Extensions.AI.</summary>
public sealed class MediaMappingTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    [Fact]
    public void Message_DataOfTheUser_IsWhereItWas()
    {
        Message message = Single(new ChatMessage(
            ChatRole.User,
            [
                new TextContent("Look: "), new DataContent(Bytes, "image/png"), new TextContent("and "), new TextContent("listen"),
                new DataContent(Bytes, "audio/wav"),
            ]));

        Assert.Equal(
            ["Look: ", "image/png, 3 bytes", "and listen", "audio/wav, 3 bytes"], message.Content.Select(static part => part.ToString()));
        Assert.All(message.Content.OfType<MediaPart>(), static part => Assert.Null(part.AlternativeText));
    }

    [Fact]
    public void Message_LinksToDataAtHand_AreRead()
    {
        string file = Path.Combine(Path.GetTempPath(), $"orchard-{Guid.NewGuid():N}.png");
        File.WriteAllBytes(file, Bytes);
        try
        {
            Message message = Single(new ChatMessage(
                ChatRole.User, [new UriContent(new Uri(file), "image/png"), new UriContent("data:audio/wav;base64,AQID", "audio/*")]));

            Assert.Equal([Bytes, Bytes], message.Content.Cast<MediaPart>().Select(static part => part.Data.ToArray()));
            Assert.IsType<ImagePart>(message.Content[0]);
            Assert.Equal("audio/wav", Assert.IsType<AudioPart>(message.Content[1]).MediaType);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Message_LinkToAMissingFile_FailsIfItIsNew()
    {
        var link = new UriContent(new Uri("/no/such/cat.png"), "image/png");

        Assert.ThrowsAny<IOException>(() => Single(new ChatMessage(ChatRole.User, [link])));
        IReadOnlyList<Message> history = MessageMapping.ToConversation(
            [new(ChatRole.User, [link]), new(ChatRole.Assistant, "A cat."), new(ChatRole.User, "What colour?")], null);
        Assert.Equal("[image/png: file:///no/such/cat.png]", history[0].Text);
    }

    [Fact]
    public void Message_LinkToTheWebOfAnEarlierTurn_IsNoted()
    {
        IReadOnlyList<Message> history = MessageMapping.ToConversation(
            [
                new(ChatRole.User, [new UriContent("https://example.com/cat.png", "image/png")]), new(ChatRole.Assistant, "A cat."),
                new(ChatRole.User, "What colour?"),
            ],
            null);

        Assert.Equal("[image/png: https://example.com/cat.png]", history[0].Text);
    }

    [Fact]
    public void Result_ContentsWithAnImage_HasItAndItsNote()
    {
        Message result = Result(new AIContent[] { new TextContent("a"), new TextContent("b"), new DataContent(Bytes, "image/png"), new TextContent("c") });

        Assert.Equal(["a", "\nb", "image/png, 3 bytes", "c"], result.Content.Select(static part => part.ToString()));
        Assert.Equal(
            "[image/png, 3 bytes, which cannot be shown to the model]", Assert.Single(result.Content.OfType<ImagePart>()).AlternativeText);
    }

    [Fact]
    public void Result_McpImage_IsAnImage()
    {
        using JsonDocument json = JsonDocument.Parse(
            """{"content": [{"type": "text", "text": "photo"}, {"type": "image", "data": "AQID", "mimeType": "image/png"}], "isError": false}""");

        Message result = Result(json.RootElement);

        Assert.Equal(["photo", "image/png, 3 bytes"], result.Content.Select(static part => part.ToString()));
    }

    [Fact]
    public void Result_McpImageThatIsNoBase64_IsNoted()
    {
        using JsonDocument json = JsonDocument.Parse("""{"content": [{"type": "image", "data": "???", "mimeType": "image/png"}]}""");

        Assert.IsType<TextPart>(Assert.Single(Result(json.RootElement).Content));
    }

    [Fact]
    public void Result_DataUri_IsAnImage() =>
        Assert.IsType<ImagePart>(Assert.Single(Result("data:image/png;base64,AQID").Content));

    [Fact]
    public void Result_TextOnly_IsOneText() => Assert.Equal("5", Assert.IsType<TextPart>(Assert.Single(Result(5).Content)).Text);

    private static Message Result(object value) => Single(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a1", value)]));

    private static Message Single(ChatMessage message) => Assert.Single(MessageMapping.ToConversation([message], null));
}
