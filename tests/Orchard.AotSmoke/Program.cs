using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orchard;
using Orchard.Responses;

// Everything of the packages that reflection could be hidden in: bound options, hosting, the middleware, health, a chat with the
// real engine, and a response. Prints the answers; ends with 0 when they are right and all is healthy.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
builder.Configuration.AddInMemoryCollection([new("Orchard:Model", "starter"), new("Orchard:PreloadModels:0", "starter"), new("Orchard:StartTimeout", "00:00:30")]);
builder.AddOrchard().AddChatClient().UseFunctionInvocation().UseOpenTelemetry();
builder.Services.AddHealthChecks().AddOrchardHealthCheck(configure: options => options.ProbeModel = "starter");

using IHost host = builder.Build();
await host.StartAsync();
ChatResponse response = await host.Services.GetRequiredService<IChatClient>()
    .GetStreamingResponseAsync("What is the capital of France?", new ChatOptions { MaxOutputTokens = 20 }).ToChatResponseAsync();
Response second = await host.Services.GetRequiredService<Client>().ResponsesAsync("starter", "What is the capital of Italy?");
HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
Console.WriteLine($"{response.Text} {second.OutputText} ({health.Status})");
await host.StopAsync();
return response.Text.Contains("Paris", StringComparison.Ordinal)
    && second.OutputText.Contains("Rome", StringComparison.Ordinal)
    && health.Status == HealthStatus.Healthy ? 0 : 1;
