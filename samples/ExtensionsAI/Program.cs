using ExtensionsAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// appsettings.json sets the model, which is loaded before other services start.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<IDistributedCache, ProcessCache>();

// The chat client with middleware of Microsoft.Extensions.AI: function calls, a cache of answers, and OpenTelemetry.
builder.AddOrchard()
    .AddChatClient()
    .UseFunctionInvocation()
    .UseDistributedCache()
    .UseOpenTelemetry()
    .UseLogging();

builder.Services.AddHostedService<Conversation>();
await builder.Build().RunAsync();
