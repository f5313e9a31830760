using System.Net;
using System.Text.Json.Nodes;
using Orchard.Testing;
using Orchard.TestSupport;
using Orchard.TestSupport.Media;

namespace Orchard.Server.Tests;

/// <summary>Images and sound in every dialect, with a model that sees and with one that does not.</summary>
public sealed class MediaHttpTests : IAsyncDisposable
{
    private static readonly string Image = Convert.ToBase64String(SampleMedia.Png());
    private static readonly string Sound = Convert.ToBase64String(SampleMedia.Wave());
    private static readonly string Bad = Convert.ToBase64String(SampleMedia.Png()[..40]);

    private FakeEngine? _engine;
    private Client? _client;
    private TestServer? _server;

    // The route, the body with MEDIA for base64, and the place that errors name; null where the dialect names none.
    public static TheoryData<string, string, string?> Images => new()
    {
        {
            "/v1/chat/completions",
            """{"messages": [{"role": "user", "content": [{"type": "text", "text": "See?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,MEDIA"}}]}]}""",
            "messages[0].content[1]"
        },
        {
            "/v1/messages",
            """{"max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "MEDIA"}}, {"type": "text", "text": "See?"}]}]}""",
            null
        },
        { "/api/chat", """{"stream": false, "messages": [{"role": "user", "content": "See?", "images": ["MEDIA"]}]}""", null },
        { "/api/generate", """{"stream": false, "prompt": "See?", "images": ["MEDIA"]}""", null },
        {
            "/v1/responses",
            """{"input": [{"role": "user", "content": [{"type": "input_text", "text": "See?"}, {"type": "input_image", "image_url": "data:image/png;base64,MEDIA"}]}]}""",
            "input"
        },
        {
            "/api/v0/chat/completions",
            """{"messages": [{"role": "user", "content": [{"type": "text", "text": "See?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,MEDIA"}}]}]}""",
            "messages[0].content[1]"
        },
    };

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_client?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_engine?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Image_ModelThatSees_GetsIt(string route, string body, string? place)
    {
        _ = place;
        TestServer server = await StartAsync(InputModalities.Text | InputModalities.Image);

        using HttpResponseMessage response = await server.PostAsync(route, Body(body, Image)).OrBroken("the answer");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("A square.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        FakePrompt prompt = Assert.Single(_engine!.Requests[0].Prompts);
        Assert.Equal(Image, Convert.ToBase64String(Assert.Single(prompt.Images).Span));
        Assert.Equal("See?", prompt.Question);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Image_ModelThatDoesNotSee_IsRefused(string route, string body, string? place)
    {
        TestServer server = await StartAsync(InputModalities.Text);

        using HttpResponseMessage response = await server.PostAsync(route, Body(body, Image)).OrBroken("the refusal");

        await AssertRefusedAsync(response, "cannot see", place);
        Assert.Empty(_engine!.Requests);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Image_Damaged_IsRefused(string route, string body, string? place)
    {
        TestServer server = await StartAsync(InputModalities.Text | InputModalities.Image);

        using HttpResponseMessage response = await server.PostAsync(route, Body(body, Bad)).OrBroken("the refusal");

        await AssertRefusedAsync(response, "is cut off", place);
    }

    [Fact]
    public async Task Audio_ModelThatHears_GetsIt()
    {
        TestServer server = await StartAsync(InputModalities.Text | InputModalities.Audio);

        using HttpResponseMessage response = await server.PostAsync("/v1/chat/completions", Body(
            """{"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "MEDIA", "format": "wav"}}]}]}""", Sound)).OrBroken("the answer");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Sound, Convert.ToBase64String(Assert.Single(_engine!.Requests[0].Prompts[0].Audio).Span));
    }

    [Fact]
    public async Task Models_ThatSee_SaySo()
    {
        using var folder = new TemporaryRoot();
        await using var engine = FakeEngine.Listen(folder.Path, new EngineScript().Answer("A square."));
        engine.InputModalities = InputModalities.Text | InputModalities.Image;
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = folder.Path, StartEngine = false });
        await client.Models.EnsureLoadedAsync(engine.ModelPath).OrBroken("the load");
        await using TestServer server = await TestServer.StartAsync(client, options => options.Aliases["seeing"] = engine.ModelPath);

        JsonNode shown = await Wire.ReadAsync(await server.PostAsync("/api/show", """{"model": "seeing"}"""));
        JsonNode listed = await Wire.ReadAsync(await server.Http.GetAsync(new Uri("/v1/models/seeing", UriKind.Relative)));

        Assert.Contains("vision", shown["capabilities"]!.AsArray().Select(static name => (string?)name));
        Assert.Contains("image", listed["architecture"]!["input_modalities"]!.AsArray().Select(static name => (string?)name));
    }

    private static string Body(string body, string media) =>
        body.Replace("MEDIA", media, StringComparison.Ordinal).Insert(1, "\"model\": \"starter\", ");

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string reason, string? place)
    {
        JsonNode error = (await Wire.ReadAsync(response))["error"]!;
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, (string?)(error is JsonValue ? error : error["message"]), StringComparison.Ordinal);
        Assert.Equal(place, error is JsonValue ? null : (string?)error["param"]);
    }

    private async Task<TestServer> StartAsync(InputModalities modalities)
    {
        _engine = new FakeEngine(new EngineScript().Answer("A square.")) { InputModalities = modalities };
        _client = await _engine.ConnectAsync();
        return _server = await TestServer.StartAsync(_client);
    }
}
