using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchard.Server.Security;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>The endpoints on a free port of this machine, for a client of the test's.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly FailureLog _log;

    private readonly string[] _expectedFailures;

    private TestServer(WebApplication app, FailureLog log, string[] expectedFailures)
    {
        _expectedFailures = expectedFailures;
        _app = app;
        _log = log;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Address of the server.</summary>
    public Uri Address { get; }

    /// <summary>Sends requests to the server.</summary>
    public HttpClient Http { get; }

    /// <summary>Services of the server.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="client">The client that answers; not disposed.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="build">Changes the services.</param>
    /// <param name="use">Adds middleware and routes before those of the server.</param>
    /// <param name="failures">Texts of errors that the server may log; null for none.</param>
    public static async Task<TestServer> StartAsync(
        Client client,
        Action<OrchardServerOptions>? configure = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        string[]? failures = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var log = new FailureLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddOrchardServer(configure);
        builder.Services.AddSingleton(client);
        build?.Invoke(builder);
        WebApplication app = builder.Build();
        try
        {
            use?.Invoke(app);
            app.MapOrchard();
            await app.StartAsync();
            return new TestServer(app, log, failures ?? []);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts JSON.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Posts JSON, and returns as soon as there are headers.</summary>
    public Task<HttpResponseMessage> SendAsync(string path, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Stops the application, as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Waits until no request is being served.</summary>
    public async Task UntilIdleAsync()
    {
        Admission admission = Services.GetRequiredService<Admission>();
        await Task.Run(async () =>
        {
            while (admission.Running > 0)
            {
                await Task.Delay(10);
            }
        }).OrBroken("the end of all requests");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        string[] unexpected =
        [
            .. _log.Failures.Where(failure => !_expectedFailures.Any(text => failure.Contains(text, StringComparison.Ordinal))),
        ];
        Assert.True(unexpected.Length == 0, string.Join(Environment.NewLine, unexpected));
    }
}
