using Orchard.Server.OpenAI.Chat;
using Orchard.Server.OpenAI.Completions;
using Orchard.Server.OpenAI.Embeddings;
using Orchard.Server.OpenAI.Models;
using Orchard.Server.OpenAI.Rerank;
using Orchard.Server.OpenAI.Responses;
using Orchard.Server.Serving;

namespace Orchard.Server.OpenAI;

/// <summary>The routes of OpenAI's API, with and without <c>/v1</c>.</summary>
internal static class OpenAIRoutes
{
    private static readonly OpenAIDialect Dialect = new();

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string prefix in (string[])["/v1", ""])
        {
            routes.MapGet($"{prefix}/models", Handle(ModelsEndpoint.ListAsync));
            routes.MapGet($"{prefix}/models/{{**id}}", Handle(ModelsEndpoint.GetAsync)); // names of the hub contain a slash
            routes.MapPost($"{prefix}/chat/completions", Handle(ChatEndpoint.HandleAsync));
            routes.MapPost($"{prefix}/completions", Handle(CompletionEndpoint.HandleAsync));
            routes.MapPost($"{prefix}/embeddings", Handle(EmbeddingsEndpoint.HandleAsync));
            routes.MapPost($"{prefix}/rerank", Handle(RerankEndpoint.HandleAsync));
            routes.MapPost($"{prefix}/responses", Handle(ResponsesEndpoint.HandleAsync));
            routes.MapPost($"{prefix}/responses/input_tokens", Handle(ResponsesEndpoint.CountAsync));
            routes.MapGet($"{prefix}/responses/{{id}}", Handle(StoredResponsesEndpoint.GetAsync));
            routes.MapDelete($"{prefix}/responses/{{id}}", Handle(StoredResponsesEndpoint.DeleteAsync));
            routes.MapGet($"{prefix}/responses/{{id}}/input_items", Handle(StoredResponsesEndpoint.ListInputAsync));
        }

        routes.Map("/v1/{**path}", Handle(NoRoute.HandleAsync));
    }

    private static RequestDelegate Handle(Func<Served, Task> handler) => new ServedEndpoint(Dialect, handler).InvokeAsync;
}
