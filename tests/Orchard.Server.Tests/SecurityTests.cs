using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>Who may send requests, and how many. On a scripted engine.</summary>
public sealed class SecurityTests : IAsyncLifetime
{
    private const string Request = """{"model": "starter", "messages": [{"role": "user", "content": "Hello"}]}""";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("Hello"));
    private Client? _client;

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Keys_AreRequiredOnceThereAreAny()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, "# keys\nfrom-file\n");
        await using TestServer server = await StartAsync(options =>
        {
            options.ApiKeys.Add("from-options");
            options.ApiKeyFile = file;
        });
        File.Delete(file);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, null, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, "Authorization", "Bearer wrong"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "Authorization", "Bearer from-options"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "X-Api-Key", "from-file"));
        using HttpResponseMessage health = await server.Http.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Metrics_NeedAKeyUnlessTheyAreOpen(bool areOpen, HttpStatusCode expected)
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.ApiKeys.Add("secret");
            options.AllowAnonymousMetrics = areOpen;
        });

        using HttpResponseMessage metrics = await server.Http.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(expected, metrics.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, null, null));
    }

    [Theory]
    [InlineData("localhost:80", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("models.test", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.Forbidden)]
    public async Task Host_ThatIsNotOurs_IsRefused(string host, HttpStatusCode status)
    {
        await using TestServer server = await StartAsync(options => options.AllowedHosts.Add("models.test"));

        Assert.Equal(status, await StatusAsync(server, "Host", host));
    }

    [Fact]
    public async Task Cors_IsOffUnlessConfigured()
    {
        await using TestServer closed = await StartAsync(_ => { });
        await using TestServer open = await StartAsync(options => options.CorsOrigins.Add("https://chat.example"));

        Assert.Null(await OriginAsync(closed, HttpMethod.Post, "https://chat.example"));
        Assert.Null(await OriginAsync(open, HttpMethod.Post, "https://other.example"));
        Assert.Equal("https://chat.example", await OriginAsync(open, HttpMethod.Post, "https://chat.example"));
        Assert.Equal("https://chat.example", await OriginAsync(open, HttpMethod.Options, "https://chat.example"));
    }

    [Fact]
    public async Task WebPage_OfAnotherOrigin_CannotEvenSend()
    {
        await using TestServer server = await StartAsync(options => options.CorsOrigins.Add("https://chat.example"));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "Origin", "https://other.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "Origin", "null"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "Origin", "https://chat.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "Origin", server.Address.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task Options_ThatNoRequestCouldBeServedWith_AreRefusedAtTheStart()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(options =>
        {
            options.MaxRequests = 0;
            options.HeartbeatInterval = TimeSpan.Zero;
        }));

        Assert.Contains("MaxRequests is 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("HeartbeatInterval is 00:00:00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatIsTooLarge_IsRefused()
    {
        await using TestServer server = await StartAsync(options => options.MaxRequestBytes = 1000);

        using HttpResponseMessage response = await server.PostAsync("/v1/chat/completions", $"{{\"a\": \"{new string('x', 2000)}\"}}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (string?)(await Wire.ReadAsync(response))["error"]!["code"]);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, HttpStatusCode.TooManyRequests)]
    public async Task RequestsAboveALimit_AreToldWhenToTryAgain(bool byCaller, HttpStatusCode status)
    {
        var gate = new EngineGate();
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Wait(gate).Say("Hello")));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client, options =>
        {
            options.MaxRequests = byCaller ? 10 : 1;
            options.MaxRequestsPerCaller = byCaller ? 1 : null;
        });

        Task<HttpResponseMessage> first = server.PostAsync("/v1/chat/completions", Request);
        await engine.NextRequestAsync().OrBroken("the first request");
        using HttpResponseMessage second = await server.PostAsync("/v1/chat/completions", Request);
        gate.Open();

        Assert.Equal(status, second.StatusCode);
        Assert.Equal("1", Assert.Single(second.Headers.GetValues("Retry-After")));
        using HttpResponseMessage answered = await first.OrBroken("the first answer");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private Task<TestServer> StartAsync(Action<OrchardServerOptions> configure) => TestServer.StartAsync(_client!, configure);

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string? header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = new StringContent(Request, Encoding.UTF8, "application/json");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using HttpResponseMessage response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<string?> OriginAsync(TestServer server, HttpMethod method, string origin)
    {
        using var request = new HttpRequestMessage(method, "/v1/chat/completions");
        request.Content = method == HttpMethod.Post ? new StringContent(Request, Encoding.UTF8, "application/json") : null;
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null;
    }
}
