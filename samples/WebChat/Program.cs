using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using WebChat;

// A chat page. appsettings.json lists the models that it offers: "starter", or paths of GGUF files.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddOrchard().AddChatClient().UseLogging();
builder.Services.Configure<WebChatOptions>(builder.Configuration.GetSection("WebChat"));
builder.Services.AddHealthChecks().AddOrchardHealthCheck();

WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapHealthChecks("/health");
app.MapGet("/api/models", (IOptions<WebChatOptions> options) => options.Value.Models);
app.MapPost("/api/chat", ChatEndpoint.Answer);
app.Run();
