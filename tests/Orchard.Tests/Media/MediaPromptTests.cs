using System.Text;
using System.Text.Json.Nodes;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.TestSupport.Media;

namespace Orchard.Tests.Media;

/// <summary>Where images and sound are in a prompt.</summary>
public sealed class MediaPromptTests
{
    private const string Template =
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content | trim }}<|end|>{% endfor %}<|assistant|>";

    private static readonly string[] Controls = ["<|user|>", "<|assistant|>", "<|tool|>", "<|system|>", "<|end|>", "<|im"];
    private static readonly ImagePart Red = ContentPart.Image(SampleMedia.Png(2, 2));
    private static readonly ImagePart Blue = ContentPart.Image(SampleMedia.Png(3, 3, blue: 255));
    private static readonly AudioPart Sound = ContentPart.Audio(SampleMedia.Wave());

    [Fact]
    public void Render_PartsInOrder_AreTheLayout()
    {
        RenderedPrompt prompt = Render(
            Message.User([Red, new TextPart("é and "), Blue, Sound, new TextPart("?")]), Message.Assistant("Yes."), Message.User("ok", Red));

        Assert.Equal("<|user|>é and ?<|end|><|assistant|>Yes.<|end|><|user|>ok<|end|><|assistant|>", prompt.Text);
        Assert.Equal(
            ["<|user|>", "image", "é and ", "image", "audio", "?<|end|><|assistant|>Yes.<|end|><|user|>ok", "image", "<|end|><|assistant|>"],
            Pieces(prompt));
        Assert.Equal([Red.Data, Blue.Data, Red.Data], prompt.Media!.Images);
        Assert.Equal([Sound.Data], prompt.Media.Audio);
        Assert.Equal([(0, 0), (0, 2), (0, 3), (2, 1)], prompt.Media.Places.Select(static place => (place.MessageIndex, place.PartIndex)));
        Assert.Null(LayoutRules.FindProblem(prompt.Media.Segments, Frame(prompt)));
    }

    [Fact]
    public void Render_ImageAlone_IsShownThoughTheMessageHasNoText() =>
        Assert.Equal(["<|user|>", "image", "<|end|><|assistant|>"], Pieces(Render(Message.User([Red]))));

    [Fact]
    public void Render_WithoutMedia_HasNoLayout() => Assert.Null(Render(Message.User("Hi")).Media);

    [Fact]
    public void Render_ControlTextsOfTheUser_ArePlainOnBothSidesOfAnImage()
    {
        RenderedPrompt prompt = Render(Message.User([new TextPart("é<|end|>a"), Red, new TextPart("b<|user|>ü")]), Message.Assistant("<|end|>"), Message.User("x"));

        byte[] text = Encoding.UTF8.GetBytes(prompt.Text);
        Assert.Equal(
            ["é<|end|>a", "b<|user|>ü", "<|end|>"],
            prompt.Plain.Select(span => Encoding.UTF8.GetString(text, span.Start, span.Length)));
        Assert.Equal(["<|user|>é<|end|>a", "image", "b<|user|>ü<|end|><|assistant|><|end|><|end|><|user|>x<|end|><|assistant|>"], Pieces(prompt));
    }

    // A control text whose halves are in two texts is none: the texts on both sides of an image are tokenized apart.
    [Fact]
    public void Render_ControlTextThatAnImageSplits_IsInTwoSegments()
    {
        RenderedPrompt prompt = Render(Message.User([new TextPart("<|e"), Red, new TextPart("nd|>")]));

        Assert.Equal(["<|user|><|e", "image", "nd|><|end|><|assistant|>"], Pieces(prompt));
    }

    [Fact]
    public void Render_TextThatLooksLikeAMark_StaysText()
    {
        string text = "media00000000000000000000000000000000x0x <__media__> <|image|>";

        RenderedPrompt prompt = Render(Message.User(text, Red));

        Assert.Equal([$"<|user|>{text}", "image", "<|end|><|assistant|>"], Pieces(prompt));
    }

    [Fact]
    public void Render_MediaOfOtherRoles_AreWhereTheTextIs()
    {
        RenderedPrompt prompt = Render(Message.System("Look: "), Message.User("Hi"), Message.Assistant("", [new ToolCall("call00001", "shoot", "{}")]), Message.Tool("call00001", [new TextPart("photo: "), Red]));

        Assert.Equal([(3, 1)], prompt.Media!.Places.Select(static place => (place.MessageIndex, place.PartIndex)));
        string[] pieces = Pieces(prompt);
        Assert.Equal("image", pieces[1]);
        Assert.EndsWith("photo:", pieces[0].TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TemplateThatShowsAMessageTwice_ShowsTheImageTwice()
    {
        RenderedPrompt prompt = Render("{{ messages[0].content }}|{{ messages[0].content | tojson }}", Message.User("a", Red));

        Assert.Equal(["a", "image", "|\"a", "image", "\""], Pieces(prompt));
    }

    [Fact]
    public void Render_TemplateThatLeavesOutAnImage_IsAnErrorThatSaysWhich()
    {
        var error = Assert.Throws<ChatTemplateException>(() => Render("{{ messages[-1].content }}", Message.User("a", Red), Message.Assistant("b"), Message.User("c")));

        Assert.Contains("part 1 of message 0", error.Message, StringComparison.Ordinal);
    }

    // Written for lists of parts; a text would be shown character by character, which is to say not at all.
    [Fact]
    public void Render_TemplateThatShowsOnlyParts_GetsParts()
    {
        const string template =
            "{% for m in messages %}{{ m.role }}{% if m.content[0].type == 'image' %}:{% else %}: {% endif %}"
            + "{% for line in m.content %}{% if line.type == 'text' %}{{ line.text }}{% elif line.type == 'image' %}<image>{% endif %}{% endfor %};"
            + "{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

        Assert.Equal("user: Hi;assistant:", Render(template, Message.User("Hi")).Text);
        Assert.Equal(["user: a", "image", "b;assistant:"], Pieces(Render(template, Message.User([new TextPart("a"), Red, new TextPart("b")]))));
        Assert.Equal("system: s;user: Hi;assistant:", Render(template, Message.System("s"), Message.User("Hi")).Text);
    }

    // The marks are of text, so a template's own marks of vision are not written: the engine adds those of the projector.
    [Fact]
    public void Render_TemplateWithMarksOfVision_LeavesThemToTheEngine()
    {
        const string template =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content is string %}{{ m.content }}{% else %}{% for part in m.content %}"
            + "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}"
            + "<|im_end|>\n{% endfor %}";

        Assert.Equal(["<|im_start|>user\nWhat?", "image", "<|im_end|>\n"], Pieces(Render(template, Message.User("What?", Red))));
    }

    private static RenderedPrompt Render(params Message[] messages) => Render(Template, messages);

    private static RenderedPrompt Render(string template, params Message[] messages) =>
        ChatFormatter.For(new ModelFacts { ChatTemplate = template, ControlTokens = Controls })
            .Render(messages, PromptInputs.From(new GenerationOptions { TemplateVariables = new Dictionary<string, JsonNode?>() }));

    private static string[] Pieces(RenderedPrompt prompt)
    {
        byte[] text = Encoding.UTF8.GetBytes(prompt.Text);
        var pieces = new List<string>();
        int at = 0;
        foreach (LayoutSegment segment in prompt.Media!.Segments)
        {
            bool isText = segment.Type == LayoutSegmentType.Text;
            pieces.Add(isText ? Encoding.UTF8.GetString(text, at, (int)segment.Length) : segment.Type == LayoutSegmentType.Image ? "image" : "audio");
            at += isText ? (int)segment.Length : 0;
        }

        Assert.Equal(text.Length, at);
        return [.. pieces];
    }

    private static WirePrompt Frame(RenderedPrompt prompt) => new()
    {
        Text = prompt.Text,
        Images = prompt.Media!.Images,
        Audio = prompt.Media.Audio,
    };
}
