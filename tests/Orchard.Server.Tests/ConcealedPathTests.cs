using System.Net;
using System.Text.Json.Nodes;
using Orchard.Server.Errors;
using Orchard.Testing;

namespace Orchard.Server.Tests;

/// <summary>What clients read names models as they do, and not the files of the server.</summary>
public sealed class ConcealedPathTests(EngineFixture fixture)
{
    private const string Alias = "mine";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models");
    private static readonly string ModelFile = Path.Combine(Folder, "starter.gguf");
    private static readonly string TooLong = string.Concat(Enumerable.Repeat("word ", 4000));

    public static TheoryData<string, string> Refusals => new()
    {
        { "/v1/chat/completions", $$"""{"model": "mine", "messages": [{"role": "user", "content": "{{TooLong}}"}]}""" },
        { "/v1/chat/completions", """{"model": "mine", "messages": [{"role": "user", "content": "x"}], "logit_bias": {"999999": 1}}""" },
        {
            "/v1/chat/completions",
            """
            {"model": "mine", "messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_schema", "json_schema":
            {"name": "n", "strict": true, "schema": {"type": "string", "pattern": "a(?=b)"}}}}
            """
        },
        { "/v1/completions", $$"""{"model": "mine", "prompt": "{{TooLong}}"}""" },
        { "/v1/responses", $$"""{"model": "mine", "input": "{{TooLong}}"}""" },
        { "/v1/responses", $$"""{"model": "mine", "stream": true, "input": "{{TooLong}}"}""" },
        { "/v1/messages", $$"""{"model": "mine", "max_tokens": 5, "messages": [{"role": "user", "content": "{{TooLong}}"}]}""" },
        { "/api/chat", $$"""{"model": "mine", "messages": [{"role": "user", "content": "{{TooLong}}"}]}""" },
        { "/api/generate", $$"""{"model": "mine", "prompt": "{{TooLong}}"}""" },
        { "/api/embed", """{"model": "mine", "input": "x"}""" },
        { "/v1/embeddings", """{"model": "mine", "input": "x"}""" },
        { "/v1/rerank", """{"model": "mine", "query": "x", "documents": ["y"]}""" },
        { "/api/v0/chat/completions", $$"""{"model": "mine", "messages": [{"role": "user", "content": "{{TooLong}}"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_NamesTheModelAsTheClientDoes(string path, string request)
    {
        await using TestServer server = await StartAsync();

        using HttpResponseMessage response = await server.PostAsync(path, request);

        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"'{Alias}'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("starter.gguf", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Folder, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_NameModelsAsClientsDo()
    {
        await using TestServer server = await StartAsync();
        using HttpResponseMessage chat = await server.PostAsync(
            "/v1/chat/completions", """{"model": "mine", "max_tokens": 2, "messages": [{"role": "user", "content": "Hi"}]}""");

        string text = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains("orchard_engine_generated_tokens_total{", text, StringComparison.Ordinal);
        Assert.Contains("orchard_model_id=\"starter\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Folder, text, StringComparison.Ordinal);
        Assert.DoesNotContain("=\"/", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}]}""")]
    [InlineData("/v1/responses", """{"model": "starter", "input": "Hi"}""")]
    [InlineData("/api/show", """{"model": "starter"}""")]
    public async Task EngineThatDoesNotStart_IsNotDescribedWithItsPath(string path, string request)
    {
        var options = new ClientOptions { EnginePath = "/no/such/engine", EngineRoot = Path.Combine(Path.GetTempPath(), "orc-no-engine") };
        await using Client client = Client.Create(options);
        await using TestServer server = await TestServer.StartAsync(client);

        using HttpResponseMessage response = await server.PostAsync(path, request);

        Assert.DoesNotContain("/no/such", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamedResponseThatFails_NamesNoFile()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("Hello").Fail("The engine has failed.")));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client, failures: ["The answer failed", "A request to"]);
        string path = client.Models.GetStatus("starter").Path;

        using HttpResponseMessage response = await server.PostAsync(
            "/v1/responses", """{"model": "starter", "stream": true, "input": "Hi"}""");

        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("The engine has failed.", text, StringComparison.Ordinal);
        Assert.DoesNotContain(path, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The file '/srv/my models/a.gguf' is damaged.", "The file 'a.gguf' is damaged.")]
    [InlineData("Not at /srv/models/a.gguf. See https://hub.example/o/n, and/or.", "Not at a.gguf. See https://hub.example/o/n, and/or.")]
    [InlineData(@"The file 'C:\models\a.gguf' is damaged.", "The file 'a.gguf' is damaged.")]
    [InlineData("The schema at '#/properties/a' and '/kept/name.gguf'.", "The schema at '#/properties/a' and '/kept/name.gguf'.")]
    public void Files_LoseTheirFolders(string text, string expected) =>
        Assert.Equal(expected, ServerPaths.WithoutFolders(text, "/kept/name.gguf"));

    [Fact]
    public void PartsOfAModel_LoseTheirFolder() => Assert.Equal(
        "mine lacks 'a-00002-of-00002.gguf'.",
        ServerPaths.Rename("/srv/a-00001-of-00002.gguf lacks '/srv/a-00002-of-00002.gguf'.", "/srv/a-00001-of-00002.gguf", "mine"));

    [Theory]
    [InlineData("""{"temperature": -1}""", "'temperature' is -1; allowed is 0 to 10, or null for the default.")]
    [InlineData("""{"max_tokens": 0}""", "'max_tokens' is 0; allowed is 1 to 1048576, or null for no limit.")]
    [InlineData("""{"n": 200}""", "'n' is 200; allowed is 1 to 128.")]
    public async Task ValueThatIsNotAllowed_IsRefusedInTheTermsOfTheRequest(string fields, string expected)
    {
        await using TestServer server = await StartAsync();
        JsonNode request = JsonNode.Parse(fields)!;
        request["model"] = Alias;
        request["messages"] = JsonNode.Parse("""[{"role": "user", "content": "Hi"}]""");

        JsonNode error = (await Wire.ReadAsync(await server.PostAsync("/v1/chat/completions", request.ToJsonString())))["error"]!;

        Assert.Equal(expected, (string?)error["message"]);
    }

    [Theory]
    [InlineData("[]", "invalid_json", "The body must be a JSON object.")]
    [InlineData("\"x\"", "invalid_json", "The body must be a JSON object.")]
    [InlineData("""{"model": 3}""", "invalid_type", "'model' has a value of the wrong type.")]
    [InlineData("""{"messages": [{]}""", "invalid_json", "The body cannot be read as JSON: ']' is an invalid start")]
    [InlineData("", "invalid_json", "The body cannot be read as JSON: ")]
    public async Task BodyThatCannotBeRead_IsRefusedWithoutNamesOfThisProgram(string body, string code, string expected)
    {
        await using TestServer server = await StartAsync();
        foreach (string path in new[] { "/v1/chat/completions", "/v1/responses" })
        {
            JsonNode error = (await Wire.ReadAsync(await server.PostAsync(path, body)))["error"]!;

            Assert.Equal(code, (string?)error["code"]);
            Assert.StartsWith(expected, (string?)error["message"], StringComparison.Ordinal);
        }
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(fixture.Client, options => options.Aliases[Alias] = ModelFile);
}
