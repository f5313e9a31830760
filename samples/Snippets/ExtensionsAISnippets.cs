using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchard;

namespace Snippets;

/// <summary>The code of src/Orchard.Extensions.AI/README.md. A test checks that both are the same.</summary>
public static class ExtensionsAISnippets
{
    public static async Task FirstChatAsync()
    {
        await using var client = await Client.ConnectAsync();
        IChatClient chat = client.AsIChatClient("starter");
        Console.WriteLine(await chat.GetResponseAsync("What is the capital of France?"));
    }

    public static void AddToApplication(IHostApplicationBuilder builder)
    {
        builder.AddOrchard().AddChatClient().UseFunctionInvocation().UseOpenTelemetry();
        builder.Services.AddHealthChecks().AddOrchardHealthCheck();
    }
}
