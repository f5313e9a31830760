using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchard;
using Orchard.Remote;

namespace Snippets;

/// <summary>The code of docs/remote.md and src/Orchard.Remote/README.md. A test checks that they are the same.</summary>
public static class RemoteSnippets
{
    public static async Task FirstChatAsync()
    {
        var options = new ClientOptions().AddRemote("cluster", new Uri("http://localhost:8000"));
        await using var client = Client.Create(options);
        ChatResult answer = await client.ChatAsync("cluster/qwen3-32b", "What is the capital of France?");
        Console.WriteLine($"{answer.Text} (from {answer.Origin?.Address})");
    }

    public static void Configure(string key)
    {
        var options = new ClientOptions().AddRemote("cluster", new Uri("https://models.example"), endpoint =>
        {
            endpoint.ApiKey = key;
            endpoint.Replicas.Add(new Uri("https://models-2.example"));
            endpoint.Models["best"] = "Qwen/Qwen3-32B"; // cluster/best
        });
    }

    public static async Task SpillOverAsync()
    {
        ClientOptions options = new ClientOptions().AddRemote("cluster", new Uri("http://localhost:8000"));
        options.Routes["chat"] = new ModelRoute { Local = "Qwen/Qwen3-8B-GGUF", Remote = "cluster/qwen3-8b" };
        await using var client = Client.Create(options);
        ChatResult answer = await client.ChatAsync("chat", "What is the capital of France?");
        Console.WriteLine($"{(answer.Origin!.Route!.IsRemote ? "remote" : "local")}, because of {answer.Origin.Route.Reason}");
    }

    public static void AddToApplication(IHostApplicationBuilder builder)
    {
        builder.AddOrchard().AddChatClient();
        builder.Services.Configure<Orchard.Extensions.AI.OrchardOptions>(
            options => options.AddRemotes(builder.Configuration.GetSection("Orchard:Remote")));
    }
}
