using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Requests;
using Orchard.Responses;
using Orchard.Testing;
using Orchard.TestSupport;
using Orchard.TestSupport.Media;

namespace Orchard.Tests.Media;

/// <summary>Images and sound in all kinds of calls, as they reach the engine or are refused before.</summary>
public sealed class MediaCallTests : IAsyncLifetime
{
    private static readonly ImagePart Image = ContentPart.Image(SampleMedia.Png());
    private static readonly AudioPart Sound = ContentPart.Audio(SampleMedia.Wave());
    private static readonly Message Question = Message.User("What is this?", Image);

    private readonly FakeEngine _engine = new(new EngineScript().Answer("A square."))
    {
        InputModalities = InputModalities.Text | InputModalities.Image | InputModalities.Audio,
    };

    private Client? _client;

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync().OrBroken("the connection");

    public async ValueTask DisposeAsync()
    {
        await (_client?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Chat_ImageAndSound_ReachTheEngineAtTheirPlaces()
    {
        ChatResult answer = await _client!.ChatAsync("fake", [Message.User([new TextPart("See "), Image, new TextPart(", hear "), Sound])]).OrBroken("the answer");

        Assert.Equal("A square.", answer.Text);
        WirePrompt prompt = Assert.Single(_engine.Requests[0].Frame.Prompts);
        Assert.Equal([Image.Data.ToArray()], prompt.Images.Select(static image => image.ToArray()));
        Assert.Equal([Sound.Data.ToArray()], prompt.Audio.Select(static sound => sound.ToArray()));
        Assert.Equal("<|im_start|>user\nSee , hear <|im_end|>\n<|im_start|>assistant\n", Encoding.UTF8.GetString(prompt.Text.Span));
        Assert.Equal(
            [LayoutSegmentType.Text, LayoutSegmentType.Image, LayoutSegmentType.Text, LayoutSegmentType.Audio, LayoutSegmentType.Text],
            prompt.Layout!.Select(static segment => segment.Type));
        Assert.Equal("<|im_start|>user\nSee ".Length, prompt.Layout![0].Length);
        Assert.Equal(Image.Data.Length, prompt.Layout[1].Length);
    }

    [Fact]
    public async Task EnsureLoaded_ModelThatSees_SaysSo()
    {
        ModelInfo info = await _client!.Models.EnsureLoadedAsync("fake").OrBroken("the load");

        Assert.Equal(InputModalities.Text | InputModalities.Image | InputModalities.Audio, info.InputModalities);
    }

    [Fact]
    public async Task Chat_ModelThatDoesNotSee_IsRefusedBeforeAnythingIsSent()
    {
        _engine.InputModalities = InputModalities.Text | InputModalities.Audio;

        var error = await Assert.ThrowsAsync<UnsupportedModalityException>(
            () => _client!.ChatAsync("fake", [Message.User("Hi"), Message.Assistant("Hello."), Question]).OrBroken("the refusal"));

        Assert.Equal((InputModalities.Image, 2, 1), (error.Modality, error.MessageIndex, error.PartIndex));
        Assert.Contains("fake' cannot see: it has no projector.", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModelOptions.Projector", error.Message, StringComparison.Ordinal);
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task Chat_PartWithAnAlternative_BecomesTextWhereItCannotBeUsed()
    {
        _engine.InputModalities = InputModalities.Text | InputModalities.Image;

        await _client!.ChatAsync(
            "fake",
            [
                Message.User(
                [
                    new AudioPart(Sound.Data) { AlternativeText = "[sound]" }, new ImagePart(Image.Data) { AlternativeText = "[image]" },
                    new ImagePart(new byte[] { 1, 2 }) { AlternativeText = "[bad image]" },
                ]),
            ]).OrBroken("the answer");

        Assert.Equal("[sound][bad image]", _engine.Requests[0].Prompts[0].Question);
        Assert.Single(_engine.Requests[0].Prompts[0].Images);
    }

    [Theory]
    [MemberData(nameof(MediaRulesTests.Bad), MemberType = typeof(MediaRulesTests))]
    public async Task Chat_BadInput_IsRefusedBeforeAnythingIsSent(string name)
    {
        BadMedia bad = BadMedia.All.Single(candidate => candidate.Name == name);
        Assert.SkipWhen(bad.Problem is null, "Only decoding it shows that it is bad.");
        ContentPart part = bad.IsAudio ? ContentPart.Audio(bad.Data()) : ContentPart.Image(bad.Data());

        var error = await Assert.ThrowsAsync<InvalidMediaException>(() => _client!.ChatAsync("fake", [Message.User("Look:", part)]).OrBroken("the refusal"));

        Assert.Equal((0, 1), (error.MessageIndex, error.PartIndex));
        Assert.Contains(bad.Problem!, error.Message, StringComparison.Ordinal);
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task Chat_TypeThatTheDataContradicts_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidMediaException>(
            () => _client!.ChatAsync("fake", [Message.User("Look:", ContentPart.Image(Image.Data, "image/jpeg"))]).OrBroken("the refusal"));

        Assert.Contains("'image/jpeg' according to its sender, but its data has the format PNG", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_MoreImagesThanAPromptMayHave_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidMediaException>(
            () => _client!.ChatAsync("fake", [Message.User([.. Enumerable.Repeat(Image, 257)])]).OrBroken("the refusal"));

        Assert.Contains("257", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_EngineCannotUseAnImage_SaysWhichPartItWas()
    {
        _engine.Script.Answer(new FakeReply().FailMedia("It is damaged.", mediaIndex: 2));

        var error = await Assert.ThrowsAsync<InvalidMediaException>(
            () => _client!.ChatAsync("fake", [Message.User("a", Image, Sound), Message.Assistant("b"), Message.User([Image, new TextPart("c")])]).OrBroken("the error"));

        Assert.Equal((2, 0), (error.MessageIndex, error.PartIndex));
        Assert.Contains("It is damaged.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_OneConversationWithABadImage_LeavesTheOthers()
    {
        IReadOnlyList<ChatResult> results = await _client!.ChatBatchAsync(
            "fake", [[Question], [Message.User("Bad:", ContentPart.Image(new byte[9]))], [Message.User("No image.")]]).OrBroken("the answers");

        Assert.Equal(["A square.", "", "A square."], results.Select(static result => result.Text));
        Assert.IsType<InvalidMediaException>(results[1].Error);
        Assert.Equal([1, 0], _engine.Requests[0].Prompts.Select(static prompt => prompt.Images.Count));
    }

    [Fact]
    public async Task CountTokens_Image_IsWhatTheEngineCounts()
    {
        int counted = await _client!.CountTokensAsync("fake", [Question]).OrBroken("the count");

        ChatResult answer = await _client!.ChatAsync("fake", [Question]).OrBroken("the answer");
        Assert.Equal(answer.Usage.PromptTokens, counted);
        Assert.Equal(1, _engine.Requests[0].Prompts[0].Options.MaxOutputTokens);
    }

    [Fact]
    public async Task Tools_ImageInAConversationWithTools_IsSentInEachRound()
    {
        await _client!.ChatAsync(
            "fake",
            [
                Question, Message.Assistant("", [new ToolCall("call00001", "zoom", "{}")]),
                Message.Tool("call00001", [new TextPart("closer"), ContentPart.Image(SampleMedia.Png(9, 9))]),
            ]).OrBroken("the answer");

        Assert.Equal(2, _engine.Requests[0].Prompts[0].Images.Count);
    }

    [Fact]
    public async Task Responses_InputImage_ReachesTheEngine()
    {
        string json = JsonSerializer.Serialize(new object[]
        {
            new
            {
                role = "user",
                content = new object[]
                {
                    new { type = "input_text", text = "What is this?" },
                    new { type = "input_image", image_url = $"data:image/png;base64,{Convert.ToBase64String(Image.Data.Span)}", detail = "auto" },
                    new { type = "input_audio", input_audio = new { data = Convert.ToBase64String(Sound.Data.Span), format = "wav" } },
                },
            },
        });
        IReadOnlyList<ResponseItem> items = ResponseJson.ReadInput(json);

        await _client!.ResponsesAsync("fake", new ResponseRequest { Input = items }).OrBroken("the response");

        FakePrompt prompt = _engine.Requests[0].Prompts[0];
        Assert.Equal(Image.Data.ToArray(), Assert.Single(prompt.Images).ToArray());
        Assert.Equal(Sound.Data.ToArray(), Assert.Single(prompt.Audio).ToArray());
        Assert.Equal("What is this?", prompt.Question);
    }
}
