using System.Net;
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

    private ServerUnderTest(WebApplication app, string model)
    {
        _app = app;
        Streams = new ChatStreams(new Uri(app.Urls.First()), model);
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

    /// <summary>Asks it.</summary>
    public ChatStreams Streams { get; }

    public async ValueTask DisposeAsync()
    {
        Streams.Dispose();
        await _app.DisposeAsync();
    }
}
