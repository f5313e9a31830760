using Orchard;

namespace Fleet;

/// <summary>One server of the fleet: Orchard.Server on a free port, with an engine of its own.</summary>
internal static class Member
{
    public static async Task<int> RunAsync(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Orchard:EngineRoot"] = folder;
        builder.AddOrchardServer(static options =>
        {
            // Nothing is sent before the first token, so that until then the gateway can give a request to another member.
            options.HeaderDelay = TimeSpan.FromMinutes(10);
        });
        WebApplication app = builder.Build();
        app.MapOrchard();

        await app.Services.GetRequiredService<Client>().Models.EnsureLoadedAsync("starter");
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Task.WhenAny(app.WaitForShutdownAsync(), Console.In.ReadToEndAsync()); // it does not outlive who started it
        await app.StopAsync();
        return 0;
    }
}
