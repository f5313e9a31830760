using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchard.Remote;
using Orchard.TestSupport;

namespace Orchard.Conformance.Tests;

/// <summary>The real engine with the starter model, behind an Orchard.Server that clients ask over HTTP.</summary>
public sealed class RemoteHost : EngineHost
{
    private const string Name = "served";

    private readonly RealHost _engine = new();
    private Client? _served;
    private WebApplication? _server;

    public override Type Death => typeof(RemoteConnectionException);

    public override async ValueTask InitializeAsync()
    {
        await _engine.InitializeAsync();
        _served = await _engine.ConnectAsync().OrBroken("the served client");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.AddOrchardServer(static options => options.AllowFilePaths = true);
        builder.Services.AddSingleton(_served);
        _server = builder.Build();
        _server.MapOrchard();
        await _server.StartAsync();
    }

    public override Task<Client> ConnectAsync() =>
        Task.FromResult(Client.Create(new ClientOptions { StartEngine = false }.AddRemote(Name, new Uri(_server!.Urls.First()))));

    public override string NameOf(string model) => $"{Name}/{model}";

    public override async Task<long> LoadCommandsAsync(Client client, ModelInfo model)
    {
        ModelInfo loaded = await _served!.Models.EnsureLoadedAsync(model.Id[(Name.Length + 1)..]);
        return await _engine.LoadCommandsAsync(_served, loaded);
    }

    public override Task IdleAsync(Client client) => _engine.IdleAsync(_served!);

    public override Task KillAsync(Client client) => _engine.KillAsync(_served!);

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_served is not null)
        {
            await _served.DisposeAsync();
        }

        await _engine.DisposeAsync();
        await base.DisposeAsync();
    }
}
