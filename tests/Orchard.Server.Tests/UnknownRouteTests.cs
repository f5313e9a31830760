using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Orchard.Server.Hosting;
using Orchard.Testing;

namespace Orchard.Server.Tests;

/// <summary>Requests that no route is for: clients parse the error, so it must be in their dialect.</summary>
public sealed class UnknownRouteTests : IAsyncLifetime
{
    private readonly FakeEngine _engine = new(new EngineScript().Answer("Hello"));
    private Client? _client;

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/v1/images/generations", "openai", 404)]
    [InlineData("GET", "/v1", "openai", 404)]
    [InlineData("GET", "/v1/chat/completions", "openai", 405, "POST")]
    [InlineData("DELETE", "/v1/models/starter", "openai", 405, "GET")]
    [InlineData("PUT", "/v1/responses/resp_1", "openai", 405, "GET, DELETE")]
    [InlineData("GET", "/v1/messages", "anthropic", 405, "POST")]
    [InlineData("POST", "/v1/messages/batches", "anthropic", 404)]
    [InlineData("POST", "/api/create", "ollama", 404)]
    [InlineData("GET", "/api/chat", "ollama", 405, "POST")]
    [InlineData("POST", "/api/delete", "ollama", 405, "DELETE")]
    [InlineData("POST", "/api/v0/images", "openai", 404)]
    [InlineData("GET", "/api/v0/embeddings", "openai", 405, "POST")]
    public async Task Request_IsRefusedInTheDialectOfItsPath(string method, string path, string dialect, int status, string? allow = null)
    {
        await using TestServer server = await TestServer.StartAsync(_client!);

        await AssertRefusedAsync(server, method, path, dialect, status, allow);
    }

    [Theory]
    [InlineData("POST", "/v1/files", 404)]
    [InlineData("POST", "/v1/models", 405, "GET")]
    [InlineData("GET", "/v1/models/no-such-model", 404, null, "no-such-model")]
    public async Task Request_OfAnthropicsClient_IsRefusedInItsDialect(
        string method, string path, int status, string? allow = null, string? named = null)
    {
        await using TestServer server = await TestServer.StartAsync(_client!);
        server.Http.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");

        await AssertRefusedAsync(server, method, path, "anthropic", status, allow, named);
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/favicon.ico", 404)]
    [InlineData("POST", "/images/generations", 404)]
    [InlineData("GET", "/chat/completions", 405, "POST")]
    [InlineData("POST", "/health", 405, "GET")]
    [InlineData("GET", "/page/missing.js", 404)]
    public async Task ServerOfItsOwn_RefusesAllOtherPathsToo(string method, string path, int status, string? allow = null)
    {
        await using TestServer server = await TestServer.StartAsync(_client!, use: UnknownPaths.Use);

        if (status == 200)
        {
            Assert.Equal("Ollama is running", await server.Http.GetStringAsync(new Uri(path, UriKind.Relative)));
            return;
        }

        await AssertRefusedAsync(server, method, path, "openai", status, allow);
    }

    [Fact]
    public async Task ApplicationWithOtherRoutes_KeepsThem()
    {
        await using TestServer server = await TestServer.StartAsync(
            _client!,
            options => options.CorsOrigins.Add("https://chat.example"),
            use: static app =>
            {
                app.Map("/v1/chat/completions/help", static () => "own route");
                app.MapFallback(static () => "own page");
            });

        Assert.Equal("own page", await server.Http.GetStringAsync(new Uri("/messages", UriKind.Relative)));
        Assert.Equal("own page", await server.Http.GetStringAsync(new Uri("/anything", UriKind.Relative)));
        Assert.Equal("own route", await server.Http.GetStringAsync(new Uri("/v1/chat/completions/help", UriKind.Relative)));
        await AssertRefusedAsync(server, "GET", "/v1/messages", "anthropic", 405, "POST");
    }

    [Theory]
    [InlineData("/v1/images/generations")]
    [InlineData("/v1/messages/batches")]
    [InlineData("/api/create")]
    public async Task RequestWithoutKey_LearnsNothingOfTheRoutes(string path)
    {
        await using TestServer server = await TestServer.StartAsync(_client!, options => options.ApiKeys.Add("secret"));

        using HttpResponseMessage unknown = await server.PostAsync(path, "{}");
        using HttpResponseMessage known = await server.PostAsync("/v1/chat/completions", "{}");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (unknown.StatusCode, known.StatusCode));
    }

    private static async Task AssertRefusedAsync(
        TestServer server, string method, string path, string dialect, int status, string? allow, string? named = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await server.Http.SendAsync(request);

        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal((status, "application/json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(allow, response.Content.Headers.Allow.Count > 0 ? string.Join(", ", response.Content.Headers.Allow) : null);
        JsonNode body = JsonNode.Parse(text)!;
        string message = (string)(dialect == "ollama" ? body["error"] : body["error"]!["message"])!;
        Assert.Contains(named ?? $"{method} {path}", message, StringComparison.Ordinal);
        Assert.Equal(dialect == "anthropic" ? "error" : null, (string?)body["type"]);
        Assert.Equal(
            dialect switch { "ollama" => null, "anthropic" when status == 404 => "not_found_error", _ => "invalid_request_error" },
            dialect == "ollama" ? null : (string?)body["error"]!["type"]);
    }
}
