using System.Collections.Concurrent;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchard.Remote.Tests;

/// <summary>A vLLM server with TLS, which answers chats as a test says.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _connections = [];

    private TlsServer(WebApplication app) => _app = app;

    /// <summary>The server's address.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>The protocols of the requests so far, such as HTTP/2.</summary>
    public ConcurrentQueue<string> Protocols { get; } = [];

    /// <summary>The subjects of the clients' certificates; null for none.</summary>
    public ConcurrentQueue<string?> Clients { get; } = [];

    /// <summary>Number of connections with requests so far.</summary>
    public int Connections => _connections.Count;

    /// <summary>Starts a server.</summary>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="chat">Answers a chat.</param>
    /// <param name="client">The only certificate that a client may have; null if clients need none.</param>
    /// <param name="streams">The most requests of one connection at the same time.</param>
    public static async Task<TlsServer> StartAsync(
        X509Certificate2 certificate, Func<HttpContext, Task> chat, X509Certificate2? client = null, int streams = 100)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = streams;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.SslProtocols = SslProtocols.Tls12; // where a certificate that is refused fails the handshake, not the first read
                if (client is not null)
                {
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (found, _, _) => found.Thumbprint == client.Thumbprint;
                }
            }));
        });
        WebApplication app = builder.Build();
        var server = new TlsServer(app);
        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            server.Protocols.Enqueue(context.Request.Protocol);
            server.Clients.Enqueue(context.Connection.ClientCertificate?.Subject);
            server._connections[context.Connection.Id] = true;
            await next(context);
        });
        app.MapGet("/v1/models", () => Results.Text(Servers.VllmModels, "application/json"));
        app.MapPost("/v1/chat/completions", chat);
        await app.StartAsync();
        return server;
    }

    /// <summary>Sends a part of a stream.</summary>
    public static async Task SendAsync(HttpContext context, string events)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.WriteAsync(events, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
