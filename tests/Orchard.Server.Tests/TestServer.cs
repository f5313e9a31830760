using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchard.Server.Tests;

/// <summary>The endpoints on a free port of this machine, for a client of the test's.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly FailureLog _log;

    private TestServer(WebApplication app, FailureLog log)
    {
        _app = app;
        _log = log;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Address of the server.</summary>
    public Uri Address { get; }

    /// <summary>Sends requests to the server.</summary>
    public HttpClient Http { get; }

    /// <summary>The errors that the server has logged.</summary>
    public IReadOnlyCollection<string> Failures => _log.Failures;

    /// <summary>Services of the server.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="client">The client that answers; not disposed.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="build">Changes the services.</param>
    public static async Task<TestServer> StartAsync(
        Client client, Action<OrchardServerOptions>? configure = null, Action<WebApplicationBuilder>? build = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var log = new FailureLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddOrchardServer(configure);
        builder.Services.AddSingleton(client);
        build?.Invoke(builder);
        WebApplication app = builder.Build();
        app.MapOrchard();
        await app.StartAsync();
        return new TestServer(app, log);
    }

    /// <summary>Posts JSON.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Assert.True(Failures.Count == 0, string.Join(Environment.NewLine, Failures));
    }
}
