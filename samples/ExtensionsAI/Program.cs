using ExtensionsAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A host whose appsettings.json says which model, and that it is to be loaded before anything else starts.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<IDistributedCache, ProcessCache>();

// The client and, around it, the middleware of Microsoft.Extensions.AI: functions are called, answers kept, chats told to OpenTelemetry.
builder.AddOrchard()
    .AddChatClient()
    .UseFunctionInvocation()
    .UseDistributedCache()
    .UseOpenTelemetry()
    .UseLogging();

builder.Services.AddHostedService<Conversation>();
await builder.Build().RunAsync();
