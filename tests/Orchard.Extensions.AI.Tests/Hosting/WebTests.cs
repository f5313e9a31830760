using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests.Hosting;

public sealed class WebTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orc-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task WebApplication_ChatAndHealth_AreServed()
    {
        await using FakeEngine engine = FakeEngine.Listen(_root, new EngineScript().Answer("Paris").SendHeartbeats(TimeSpan.FromMilliseconds(100)));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Orchard:EngineRoot"] = _root;
        builder.Configuration["Orchard:PreloadModels:0"] = "starter";
        builder.AddOrchard().AddChatClient("starter");
        builder.Services.AddHealthChecks().AddOrchardHealthCheck(configure: options => options.ProbeModel = "starter");
        await using WebApplication app = builder.Build();
        app.MapGet("/chat", async (IChatClient client, string question, CancellationToken cancellationToken) =>
            (await client.GetResponseAsync(question, cancellationToken: cancellationToken)).Text);
        app.MapHealthChecks("/health");
        await app.StartAsync().OrBroken("the start");
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal("Paris", await http.GetStringAsync(new Uri("/chat?question=Where", UriKind.Relative)).OrBroken("the answer"));
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("/health", UriKind.Relative)).OrBroken("the health"));
        await app.StopAsync().OrBroken("the stop");
    }
}
