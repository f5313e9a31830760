using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orchard;
using Orchard.Responses;

// Everything of the packages that reflection could be hidden in: bound options, hosting, the middleware, health, a chat with the
// real engine, a response, and a tool with typed arguments. Prints the answers; ends with 0 when they are right and all is healthy.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
builder.Configuration.AddInMemoryCollection([new("Orchard:Model", "starter"), new("Orchard:PreloadModels:0", "starter"), new("Orchard:StartTimeout", "00:00:30")]);
builder.AddOrchard().AddChatClient().UseFunctionInvocation().UseOpenTelemetry();
builder.Services.AddHealthChecks().AddOrchardHealthCheck(configure: options => options.ProbeModel = "starter");

using IHost host = builder.Build();
await host.StartAsync();
ChatResponse response = await host.Services.GetRequiredService<IChatClient>()
    .GetStreamingResponseAsync("What is the capital of France?", new ChatOptions { MaxOutputTokens = 20 }).ToChatResponseAsync();
Response second = await host.Services.GetRequiredService<Client>().ResponsesAsync("starter", "What is the capital of Italy?");
Tool weather = Tool.Create("get_weather", "Get the current weather for a city.", SmokeJson.Default.Place, SmokeJson.Default.Report, (place, _) => Task.FromResult(new Report(place.City, 18)));
ToolRun run = await host.Services.GetRequiredService<Client>().RunToolsAsync(
    "starter", "What is the weather in Paris?", new GenerationOptions { Tools = [weather], ToolChoice = ToolChoice.Required, MaxToolCalls = 1, MaxOutputTokens = 100 });
HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
Console.WriteLine($"{response.Text} {second.OutputText} ({health.Status})");
await host.StopAsync();
return response.Text.Contains("Paris", StringComparison.Ordinal)
    && second.OutputText.Contains("Rome", StringComparison.Ordinal)
    && run.Executions is [{ Error: null }]
    && health.Status == HealthStatus.Healthy ? 0 : 1;

/// <summary>The arguments of the tool.</summary>
internal sealed record Place(string City);

/// <summary>Its result.</summary>
internal sealed record Report(string City, int Degrees);

/// <summary>The JSON of both.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(Place))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Report))]
internal sealed partial class SmokeJson : System.Text.Json.Serialization.JsonSerializerContext;
