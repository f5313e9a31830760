using Orchard.Server.Ollama.Chat;
using Orchard.Server.Ollama.Embed;
using Orchard.Server.Ollama.Generate;
using Orchard.Server.Ollama.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.Ollama;

/// <summary>The routes of Ollama's API.</summary>
internal static class OllamaRoutes
{
    /// <summary>Answers <c>GET /</c>, by which clients find out whether the server runs.</summary>
    public static RequestDelegate Greeting { get; } =
        new ServedEndpoint(new OllamaDialect(), OllamaModelsEndpoint.GreetAsync).InvokeAsync;

    /// <summary>Adds the routes, except the greeting.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = new DialectRoutes(endpoints, new OllamaDialect());
        routes.Add("/api/version", get: OllamaModelsEndpoint.GetVersionAsync);
        routes.Add("/api/tags", get: OllamaModelsEndpoint.ListAsync);
        routes.Add("/api/ps", get: OllamaModelsEndpoint.ListLoadedAsync);
        routes.Add("/api/show", post: OllamaModelsEndpoint.ShowAsync);
        routes.Add("/api/pull", post: OllamaModelsEndpoint.PullAsync);
        routes.Add("/api/delete", delete: OllamaModelsEndpoint.DeleteAsync);
        routes.Add("/api/chat", post: OllamaChatEndpoint.HandleAsync);
        routes.Add("/api/generate", post: OllamaGenerateEndpoint.HandleAsync);
        routes.Add("/api/embed", post: OllamaEmbedEndpoint.HandleAsync);
        routes.Add("/api/embeddings", post: OllamaEmbedEndpoint.HandleOneAsync);
        routes.AddUnknown("/api");
    }
}
