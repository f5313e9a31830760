using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchard.Testing;

namespace Orchard.Server.Tests.Page;

/// <summary>The page as the HTTP server sends it. On a scripted engine.</summary>
public sealed class PageRouteTests : IAsyncLifetime
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("Hello"));
    private Client? _client;

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("text/html", "text/html")]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/json", "text/plain")]
    [InlineData("text/html;q=0, */*", "text/plain")]
    [InlineData(null, "text/plain")]
    public async Task Root_IsThePageForBrowsers_AndOllamasGreetingForOthers(string? accept, string type)
    {
        await using TestServer server = await StartAsync();

        using HttpResponseMessage response = await GetAsync(server, "/", accept);
        string body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Accept", Assert.Single(response.Headers.Vary));
        if (type == "text/html")
        {
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            Assert.StartsWith("<!doctype html>", body, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("Ollama is running", body);
        }
    }

    [Fact]
    public async Task Head_HasTheHeadersOfThePage_AndOfTheGreeting()
    {
        await using TestServer server = await StartAsync();

        using HttpResponseMessage page = await SendAsync(server, HttpMethod.Head, "/", Browser);
        using HttpResponseMessage greeting = await SendAsync(server, HttpMethod.Head, "/", "*/*");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, greeting.StatusCode));
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.True(page.Content.Headers.ContentLength > 0);
        Assert.Empty(await page.Content.ReadAsByteArrayAsync());
        Assert.NotEqual("text/html", greeting.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Files_HaveTheirTypesAndNothingRunsButThem()
    {
        await using TestServer server = await StartAsync();

        foreach ((string path, string type) in new[]
        {
            ("/", "text/html"), ("/page/page.css", "text/css"), ("/page/main.js", "text/javascript"), ("/page/icon.svg", "image/svg+xml"),
        })
        {
            using HttpResponseMessage response = await GetAsync(server, path, Browser);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("no-cache", Header(response, "Cache-Control"));
            Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
            string[] policy = Header(response, "Content-Security-Policy").Split("; ");
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("script-src 'self'", policy);
            Assert.Contains("connect-src 'self'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", string.Concat(policy), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/page/index.html")]
    [InlineData("/page/none.js")]
    [InlineData("/page/..%2fappsettings.json")]
    public async Task File_ThatIsNotOfThePage_DoesNotExist(string path)
    {
        await using TestServer server = await StartAsync();

        using HttpResponseMessage response = await GetAsync(server, path, Browser);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/page/main.js")]
    public async Task File_ThatTheBrowserHas_IsNotSentAgain(string path)
    {
        await using TestServer server = await StartAsync();
        using HttpResponseMessage first = await GetAsync(server, path, Browser);
        EntityTagHeaderValue tag = first.Headers.ETag!;

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", Browser);
        request.Headers.IfNoneMatch.Add(tag);
        using HttpResponseMessage second = await server.Http.SendAsync(request);

        Assert.False(tag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(tag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Everything_ThatThePageRefersTo_IsThere()
    {
        await using TestServer server = await StartAsync();
        var waiting = new Queue<string>(["/"]);
        var seen = new HashSet<string>();

        while (waiting.TryDequeue(out string? path))
        {
            using HttpResponseMessage response = await GetAsync(server, path, Browser);
            Assert.True(response.IsSuccessStatusCode, path);
            string text = await response.Content.ReadAsStringAsync();
            IEnumerable<string> found = path == "/"
                ? PageReferences.InHtml(text).Select(name => $"/{name}")
                : PageReferences.InModule(text).Select(name => $"/page/{name}");
            foreach (string next in found.Where(seen.Add))
            {
                waiting.Enqueue(next);
            }
        }

        Assert.Contains("/page/main.js", seen);
        Assert.Contains("/page/markdown.js", seen);
        Assert.Contains("/page/page.css", seen);
    }

    [Fact]
    public async Task Page_NeedsNoKey_ButTheGreetingAndTheLoadDo()
    {
        await using TestServer server = await StartAsync(options => options.ApiKeys.Add("secret"));

        using HttpResponseMessage page = await GetAsync(server, "/", Browser);
        using HttpResponseMessage script = await GetAsync(server, "/page/main.js", "*/*");
        using HttpResponseMessage greeting = await GetAsync(server, "/", "*/*");
        using HttpResponseMessage load = await server.PostAsync("/page/load", """{"model": "starter"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, script.StatusCode));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (greeting.StatusCode, load.StatusCode));
        Assert.Equal("invalid_api_key", (string?)(await Wire.ReadAsync(load))["error"]!["code"]);
    }

    [Fact]
    public async Task Page_ThatIsSwitchedOff_LeavesTheGreeting()
    {
        await using TestServer server = await TestServer.StartAsync(
            _client!, build: builder => builder.Configuration["Orchard:Server:ServePage"] = "false");

        using HttpResponseMessage root = await GetAsync(server, "/", Browser);
        using HttpResponseMessage script = await GetAsync(server, "/page/main.js", "*/*");
        using HttpResponseMessage load = await server.PostAsync("/page/load", """{"model": "starter"}""");

        Assert.Equal("Ollama is running", await root.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (script.StatusCode, load.StatusCode));
    }

    [Fact]
    public async Task Page_BelowAPath_IsRedirectedToTheAddressThatItsFilesAreRelativeTo()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddOrchardServer();
        builder.Services.AddSingleton(_client!);
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGroup("/models").MapOrchard();
        await app.StartAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Add("Accept", Browser);

        using HttpResponseMessage moved = await http.GetAsync(new Uri("/models", UriKind.Relative));
        using HttpResponseMessage page = await http.GetAsync(new Uri("/models/", UriKind.Relative));
        using HttpResponseMessage script = await http.GetAsync(new Uri("/models/page/main.js", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Redirect, "/models/"), (moved.StatusCode, moved.Headers.Location!.ToString()));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, script.StatusCode));
    }

    private Task<TestServer> StartAsync(Action<OrchardServerOptions>? configure = null) => TestServer.StartAsync(_client!, configure);

    private static Task<HttpResponseMessage> GetAsync(TestServer server, string path, string? accept) =>
        SendAsync(server, HttpMethod.Get, path, accept);

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, HttpMethod method, string path, string? accept)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return await server.Http.SendAsync(request);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
