using System.Net;
using System.Text.Json.Nodes;
using Orchard.Hub.Tests.Hosting;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Page;

/// <summary>Loads with progress, as the page asks for them. On a scripted engine.</summary>
public sealed class PageLoadTests
{
    [Fact]
    public async Task Load_StreamsItsPhases_AndEndsReady()
    {
        await using var engine = new FakeEngine();
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);

        using HttpResponseMessage response = await LoadAsync(server, "starter");
        JsonNode[] lines = await LinesAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("resolving", (string?)lines[0]["status"]);
        Assert.Contains(lines, line => (string?)line["status"] == "loading" && (long?)line["total"] > 0);
        Assert.Equal("ready", (string?)lines[^1]["status"]);
        JsonNode models = JsonNode.Parse(await server.Http.GetStringAsync(new Uri("/api/v0/models", UriKind.Relative)))!;
        Assert.Equal("loaded", (string?)models["data"]!.AsArray().Single(model => (string?)model!["id"] == "starter")!["state"]);
    }

    [Fact]
    public async Task Load_ThatFails_SaysWhyInTheLastLine()
    {
        var gate = new EngineGate();
        await using var engine = new FakeEngine(new EngineScript().Load(FakeLoad.Failure("the tensors are torn").After(gate)));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client, failures: ["tensors are torn", "cut off"]);

        using HttpResponseMessage response = await server.SendAsync("/page/load", """{"model": "starter"}""");
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        Assert.Equal("resolving", (string?)JsonNode.Parse((await reader.ReadLineAsync().OrBroken("the first line"))!)!["status"]);
        gate.Open();
        JsonNode last = "";
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            while (await reader.ReadLineAsync().OrBroken("the next line") is { } line)
            {
                last = JsonNode.Parse(line)!;
            }
        });

        Assert.Equal("error", (string?)last["status"]);
        Assert.Contains("the tensors are torn", (string?)last["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ThatFails_EndsWithoutACutForClientsThatReadErrors()
    {
        var gate = new EngineGate();
        await using var engine = new FakeEngine(new EngineScript().Load(FakeLoad.Failure("the tensors are torn").After(gate)));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client, failures: ["the tensors are torn"]);
        server.Http.DefaultRequestHeaders.Add("X-Orchard-Errors", "in-stream");

        using HttpResponseMessage response = await server.SendAsync("/page/load", """{"model": "starter"}""");
        gate.Open();
        JsonNode[] lines = await LinesAsync(response);

        Assert.Equal("error", (string?)lines[^1]["status"]);
        Assert.Contains("the tensors are torn", (string?)lines[^1]["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ThatTheClientLeaves_Ends()
    {
        await using var engine = new FakeEngine(new EngineScript().Load(FakeLoad.Stall));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);

        using (HttpResponseMessage response = await server.SendAsync("/page/load", """{"model": "starter"}"""))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await server.UntilIdleAsync();
    }

    [Fact]
    public async Task Model_ThatOnlyTheHubHas_IsDownloadedAndLoaded()
    {
        using var folder = new TemporaryRoot();
        await using TestHub hub = await TestHub.StartAsync();
        hub.Add("test/Model-GGUF", ("Model-Q8_0.gguf", TestModel.Create(200_000)));
        await using FakeEngine engine = FakeEngine.Listen(folder.Path);
        await using Client client = Client.Create(OptionsFor(hub.Endpoint, folder.Path));
        await using TestServer server = await TestServer.StartAsync(client);

        using HttpResponseMessage response = await LoadAsync(server, "test/Model-GGUF");
        JsonNode[] lines = await LinesAsync(response);

        Assert.Equal("ready", (string?)lines[^1]["status"]);
        Assert.True(hub.BytesServed >= 200_000);
    }

    [Theory]
    [InlineData("other.example/owner/model", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("https://other.example/model.gguf", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("/etc/passwd", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("test/None-GGUF", HttpStatusCode.NotFound, "model_not_found")]
    public async Task Model_OfNoConfiguredHub_IsRefused(string model, HttpStatusCode status, string code)
    {
        using var folder = new TemporaryRoot();
        await using TestHub hub = await TestHub.StartAsync();
        await using FakeEngine engine = FakeEngine.Listen(folder.Path);
        await using Client client = Client.Create(OptionsFor(hub.Endpoint, folder.Path));
        await using TestServer server = await TestServer.StartAsync(client);

        using HttpResponseMessage response = await LoadAsync(server, model);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (string?)(await Wire.ReadAsync(response))["error"]!["code"]);
        Assert.Equal(0, hub.BytesServed);
    }

    [Fact]
    public async Task Model_ThatWouldHaveToBeDownloaded_IsRefusedWhereDownloadsAreNotAllowed()
    {
        using var folder = new TemporaryRoot();
        await using TestHub hub = await TestHub.StartAsync();
        hub.Add("test/Model-GGUF", ("Model-Q8_0.gguf", TestModel.Create(200_000)));
        await using FakeEngine engine = FakeEngine.Listen(folder.Path);
        await using Client client = Client.Create(OptionsFor(hub.Endpoint, folder.Path));
        await using TestServer server = await TestServer.StartAsync(client, options => options.AllowDownloads = false);

        using HttpResponseMessage response = await LoadAsync(server, "test/Model-GGUF");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("downloads_not_allowed", (string?)(await Wire.ReadAsync(response))["error"]!["code"]);
        Assert.Empty(hub.Seen);
    }

    private static ClientOptions OptionsFor(Uri hub, string folder) => new()
    {
        EngineRoot = folder,
        Hub = new HubOptions { Endpoint = hub.ToString(), CacheDirectory = Path.Combine(folder, "hub"), Token = "hf_test" },
    };

    private static Task<HttpResponseMessage> LoadAsync(TestServer server, string model) =>
        server.PostAsync("/page/load", new JsonObject { ["model"] = model }.ToJsonString());

    private static async Task<JsonNode[]> LinesAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync().OrBroken("the end of the load");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
