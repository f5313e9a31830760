using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchard.Benchmarks.Http;

/// <summary>The HTTP server in this program, asked over loopback.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly string _model;

    private ServerUnderTest(WebApplication app, string model)
    {
        _app = app;
        _model = model;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public static async Task<ServerUnderTest> StartAsync(Client client, string model)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.AddOrchardServer(options => options.Models.Add(model));
        builder.Services.AddSingleton(client);
        WebApplication app = builder.Build();
        app.MapOrchard();
        await app.StartAsync();
        return new ServerUnderTest(app, model);
    }

    /// <summary>Streams an answer, and returns the milliseconds until its first part.</summary>
    public async Task<double> AskAsync(string prompt, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        string body = JsonSerializer.Serialize(new
        {
            model = _model,
            stream = true,
            stream_options = new { include_usage = true },
            temperature = 0,
            max_tokens = tokens,
            ignore_eos = true,
            messages = new[] { new { role = "user", content = prompt } },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        double? first = null;
        string last = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            first ??= Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            last = line.Contains("\"usage\"", StringComparison.Ordinal) ? line : last;
        }

        BenchmarkException.ThrowUnless(
            last.Contains($"\"completion_tokens\":{tokens},", StringComparison.Ordinal), $"Asked for {tokens} tokens, but: {last}");
        return first!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
