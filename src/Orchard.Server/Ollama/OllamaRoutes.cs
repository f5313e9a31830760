using Orchard.Server.Ollama.Chat;
using Orchard.Server.Ollama.Embed;
using Orchard.Server.Ollama.Generate;
using Orchard.Server.Ollama.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.Ollama;

/// <summary>The routes of Ollama's API.</summary>
internal static class OllamaRoutes
{
    private static readonly OllamaDialect Dialect = new();

    /// <summary>Answers <c>GET /</c>, by which clients find out whether the server runs.</summary>
    public static RequestDelegate Greeting { get; } = Handle(OllamaModelsEndpoint.GreetAsync);

    /// <summary>Adds the routes, except the greeting.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/version", Handle(OllamaModelsEndpoint.GetVersionAsync));
        routes.MapGet("/api/tags", Handle(OllamaModelsEndpoint.ListAsync));
        routes.MapGet("/api/ps", Handle(OllamaModelsEndpoint.ListLoadedAsync));
        routes.MapPost("/api/show", Handle(OllamaModelsEndpoint.ShowAsync));
        routes.MapPost("/api/pull", Handle(OllamaModelsEndpoint.PullAsync));
        routes.MapDelete("/api/delete", Handle(OllamaModelsEndpoint.DeleteAsync));
        routes.MapPost("/api/chat", Handle(OllamaChatEndpoint.HandleAsync));
        routes.MapPost("/api/generate", Handle(OllamaGenerateEndpoint.HandleAsync));
        routes.MapPost("/api/embed", Handle(OllamaEmbedEndpoint.HandleAsync));
        routes.MapPost("/api/embeddings", Handle(OllamaEmbedEndpoint.HandleOneAsync));
        routes.Map("/api/{**path}", Handle(NoRoute.HandleAsync));
    }

    private static RequestDelegate Handle(Func<Served, Task> handler) => new ServedEndpoint(Dialect, handler).InvokeAsync;
}
