using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>Health, metrics, and the models as LM Studio's clients see them.</summary>
public sealed class OperationsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    // What the endpoint picker of the Gateway API inference extension reads by default, and its name for the use of the KV cache before.
    private static readonly string[] GatewayGauges =
    [
        "vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc",
        "vllm:cache_config_info",
    ];

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Health_OfAnEngineThatLives_IsGood_AndWithoutOneIsNot()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Server, "/health"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Server, "/health/ready"));

        var options = new ClientOptions { EnginePath = "/no/such/engine", EngineRoot = Path.Combine(Path.GetTempPath(), "orc-no-engine") };
        await using Client client = Client.Create(options);
        await using TestServer broken = await TestServer.StartAsync(client);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(broken, "/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(broken, "/health/ready"));
    }

    [Fact]
    public async Task Metrics_HaveWhatAGatewayReads()
    {
        await Server.PostAsync(
            "/v1/chat/completions", """{"model": "starter", "max_tokens": 2, "messages": [{"role": "user", "content": "Hi"}]}""");

        string text = await Server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        string[] names = [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', '{')[0])];
        Assert.Contains("orchard_requests_running", names);
        Assert.Contains("orchard_requests_waiting", names);
        Assert.Contains("orchard_kv_cache_usage_ratio", names);
        Assert.All(GatewayGauges, gauge => Assert.Single(names, gauge)); // of several series they read the first
        Assert.Matches("vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"[1-9][0-9]*\"} 1\n", text);
        Assert.Contains("# TYPE vllm:num_requests_waiting gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("orchard_engine_generated_tokens_total", names);
        Assert.Contains("orchard_chat_time_to_first_token_seconds_bucket", names);
        Assert.Contains("orchard_http_requests 1", text, StringComparison.Ordinal); // this one
    }

    [Fact]
    public async Task Metrics_OfTheKvCache_CountWhatRunningRequestsUse()
    {
        using HttpResponseMessage running = await Server.SendAsync(
            "/v1/chat/completions",
            """{"model": "starter", "max_tokens": 400, "ignore_eos": true, "stream": true, "messages": [{"role": "user", "content": "Hi"}]}""");
        await UntilAsync(static metrics => metrics is { Running: 1, Used: > 0 }, "a running request that uses the cache");

        await running.Content.ReadAsStringAsync();

        await UntilAsync(static metrics => metrics is { Running: 0, Used: 0, Held: > 0 }, "a cache that only keeps what can be reused");
    }

    [Fact]
    public async Task OpenApi_DescribesRoutesThatExist()
    {
        JsonNode document = JsonNode.Parse(await Server.Http.GetStringAsync(new Uri("/openapi.json", UriKind.Relative)))!;

        Assert.Equal("3.1.0", (string?)document["openapi"]);
        Assert.NotNull(document["paths"]!["/v1/chat/completions"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!
            ["properties"]!["messages"]);
        Assert.All(References(document), reference => Assert.NotNull(Find(document, reference)));
        Assert.NotEmpty(References(document));
        string[] mapped =
        [
            .. Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Select(route => route.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)),
        ];
        Assert.Empty(document["paths"]!.AsObject().Select(path => path.Key).Except(mapped));
    }

    [Fact]
    public async Task LmStudio_Models_HaveTheFieldsThatItsClientsNeed()
    {
        JsonNode list = JsonNode.Parse(await Server.Http.GetStringAsync(new Uri("/api/v0/models", UriKind.Relative)))!;

        JsonNode starter = list["data"]!.AsArray().Single(model => (string?)model!["id"] == "starter")!;
        Assert.Equal(
            ("model", "llm", "gguf"),
            ((string?)starter["object"], (string?)starter["type"], (string?)starter["compatibility_type"]));
        Assert.True((int)starter["max_context_length"]! > 0);
        Assert.NotNull(starter["publisher"]);
        Assert.NotNull(starter["state"]);
        Assert.Contains("tool_use", starter["capabilities"]!.AsArray().Select(one => (string?)one));
        using HttpResponseMessage chat = await Server.PostAsync(
            "/api/v0/chat/completions", """{"model": "starter", "max_tokens": 2, "messages": [{"role": "user", "content": "Hi"}]}""");
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
    }

    [Fact]
    public async Task Model_ThatIsNotLoaded_IsDescribedByItsFile()
    {
        await using var engine = new FakeEngine();
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);

        JsonNode show = await Wire.ReadAsync(await server.PostAsync("/api/show", """{"model": "starter"}"""));

        string architecture = (string)show["model_info"]!["general.architecture"]!;
        Assert.NotEqual("unknown", architecture);
        Assert.True((int)show["model_info"]![$"{architecture}.context_length"]! > 0);
    }

    private async Task UntilAsync(Predicate<(double Running, double Used, double Held)> isReached, string what)
    {
        async Task Run()
        {
            while (!isReached(await MeasureAsync()))
            {
                await Task.Delay(20);
            }
        }

        await Run().OrBroken(what);
    }

    private async Task<(double Running, double Used, double Held)> MeasureAsync()
    {
        string text = await Server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return (Value("vllm:num_requests_running"), Value("vllm:kv_cache_usage_perc"), Value("orchard_kv_cache_usage_ratio"));

        double Value(string name) => double.Parse(
            text.Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(
            member => member is { Key: "$ref", Value: JsonValue target } ? [(string)target!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Find(JsonNode document, string reference) => reference.Split('/').Skip(1)
        .Select(part => Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal))
        .Aggregate((JsonNode?)document, (node, part) => node is JsonArray items ? items[int.Parse(part)] : node?[part]);

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string path)
    {
        using HttpResponseMessage response = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
