using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>What becomes of requests while the application stops. On a scripted engine.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private const string Chat = """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}]}""";
    private const string Streamed = """{"model": "starter", "stream": true, "messages": [{"role": "user", "content": "Hi"}]}""";

    private readonly EngineGate _gate = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeEngine _engine;
    private Client? _client;

    public DrainTests() => _engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("Hello").Wait(_gate).Say(" world")));

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "/v1/chat/completions", Streamed, "error.code" },
        { "/v1/responses", """{"model": "starter", "input": "Hi"}""", "error.code" },
        { "/v1/messages", """{"model": "starter", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}""", "error.type" },
        { "/api/chat", Chat, "error" },
        { "/api/v0/chat/completions", Chat, "error.code" },
    };

    public static TheoryData<string, string> Streams => new()
    {
        { "/v1/chat/completions", Streamed },
        { "/v1/messages", Streamed },
        { "/api/chat", Chat },
        { "/v1/responses", """{"model": "starter", "stream": true, "input": "Hi"}""" },
    };

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task StreamThatIsBeingServed_IsFinished(string path, string request)
    {
        await using TestServer server = await TestServer.StartAsync(_client!);
        using HttpResponseMessage running = await server.SendAsync(path, request).OrBroken("the headers");
        await _gate.Reached.OrBroken("the first part");

        Task stopping = server.StopAsync();
        await UntilRefusingAsync(server);
        bool waits = !stopping.IsCompleted;
        _gate.Open();
        string text = await running.Content.ReadAsStringAsync().OrBroken("the rest of the answer");
        await stopping.OrBroken("the end of the application");

        Assert.True(waits);
        Assert.Contains(" world", text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => server.PostAsync("/v1/chat/completions", Chat));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task NewRequest_IsRefusedInTheFormOfItsDialect(string path, string request, string code)
    {
        await using TestServer server = await TestServer.StartAsync(_client!);
        using HttpResponseMessage running = await server.SendAsync("/v1/chat/completions", Streamed).OrBroken("the headers");
        await _gate.Reached.OrBroken("the first part");

        Task stopping = server.StopAsync();
        await UntilRefusingAsync(server);
        using HttpResponseMessage refused = await server.PostAsync(path, request).OrBroken("the refusal");
        JsonNode body = await Wire.ReadAsync(refused);
        HttpStatusCode alive = await StatusAsync(server, "/health/live");
        HttpStatusCode measured = await StatusAsync(server, "/metrics");
        _gate.Open();
        await stopping.OrBroken("the end of the application");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.True(refused.Headers.ConnectionClose);
        Assert.NotEmpty((string?)code.Split('.').Aggregate((JsonNode?)body, (node, part) => node![part]) ?? "");
        Assert.Contains("The server is shutting down.", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (alive, measured));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task StreamThatIsNotFinishedInTime_EndsWithAnError(string path, string request)
    {
        await using TestServer server = await StartTimedAsync(failures: ["The answer failed"]);
        using HttpRequestMessage sent = new(HttpMethod.Post, path) { Content = new StringContent(request) };
        sent.Headers.Add("X-Orchard-Errors", "in-stream");
        using HttpResponseMessage running = await server.Http.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead)
            .OrBroken("the headers");
        await _gate.Reached.OrBroken("the first part");

        Task stopping = server.StopAsync();
        await UntilRefusingAsync(server);
        _time.Advance(TimeSpan.FromSeconds(25));
        string text = await running.Content.ReadAsStringAsync().OrBroken("the error");
        await stopping.OrBroken("the end of the application");

        Assert.Contains("The server is shutting down.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatIsNotFinishedInTime_IsRefused()
    {
        await using TestServer server = await StartTimedAsync();
        Task<HttpResponseMessage> running = server.PostAsync("/v1/chat/completions", Chat);
        await _gate.Reached.OrBroken("the request");

        Task stopping = server.StopAsync();
        await UntilRefusingAsync(server);
        _time.Advance(TimeSpan.FromSeconds(25));
        using HttpResponseMessage refused = await running.OrBroken("the refusal");
        await stopping.OrBroken("the end of the application");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task ServerWithoutRequests_StopsAtOnce()
    {
        await using TestServer server = await StartTimedAsync(); // whose clock stands still
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/health/ready"));

        await server.StopAsync().OrBroken("the end of the application");
    }

    [Theory]
    [InlineData(null, 100, 103)]
    [InlineData(300, 100, 300)]
    [InlineData(-1, 100, -1)]
    [InlineData(null, 5, 30)]
    public async Task Host_WaitsAtLeastAsLong(int? host, int drain, int expected)
    {
        await using TestServer server = await TestServer.StartAsync(
            _client!,
            options => options.DrainTimeout = TimeSpan.FromSeconds(drain),
            builder => builder.Services.Configure<HostOptions>(options =>
                options.ShutdownTimeout = host is { } seconds ? Seconds(seconds) : options.ShutdownTimeout));

        Assert.Equal(Seconds(expected), server.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);

        static TimeSpan Seconds(int count) => count < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(count);
    }

    private static async Task UntilRefusingAsync(TestServer server)
    {
        async Task Run()
        {
            while (await StatusAsync(server, "/health") == HttpStatusCode.OK)
            {
                await Task.Delay(5);
            }
        }

        await Run().OrBroken("a server that is not ready");
    }

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string path)
    {
        using HttpResponseMessage response = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    private Task<TestServer> StartTimedAsync(string[]? failures = null) => TestServer.StartAsync(
        _client!, build: builder => builder.Services.AddSingleton<TimeProvider>(_time), failures: failures);
}
