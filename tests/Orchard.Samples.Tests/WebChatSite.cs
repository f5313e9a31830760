using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Orchard.Samples.Tests;

/// <summary>The sample as it is, on a port of its own, on the engine of a namespace.</summary>
internal sealed class WebChatSite : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _sample = new();
    private readonly WebApplicationFactory<Program> _site;

    public WebChatSite(string engineRoot)
    {
        _site = _sample.WithWebHostBuilder(host => host
            .UseSetting("Orchard:EngineRoot", engineRoot)
            .ConfigureLogging(static logging => logging.ClearProviders()));
        _site.UseKestrel(0);
        _site.StartServer();
    }

    public Uri Address => _site.ClientOptions.BaseAddress;

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _sample.DisposeAsync();
    }
}
