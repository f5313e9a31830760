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
    /// <summary>Adds the routes.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="shared">How errors of the paths are written that clients of other dialects use as well.</param>
    public static void Map(IEndpointRouteBuilder endpoints, Dialect shared)
    {
        foreach (string prefix in (string[])["/v1", ""])
        {
            bool isOwn = prefix.Length > 0;
            var routes = new DialectRoutes(endpoints, new OpenAIDialect()) { OwnsPaths = isOwn };
            var sharedRoutes = new DialectRoutes(endpoints, shared) { OwnsPaths = isOwn };
            sharedRoutes.Add($"{prefix}/models", get: ModelsEndpoint.ListAsync);
            sharedRoutes.Add($"{prefix}/models/{{**id}}", get: ModelsEndpoint.GetAsync); // names of the hub contain a slash
            routes.Add($"{prefix}/chat/completions", post: ChatEndpoint.HandleAsync);
            routes.Add($"{prefix}/completions", post: CompletionEndpoint.HandleAsync);
            routes.Add($"{prefix}/embeddings", post: EmbeddingsEndpoint.HandleAsync);
            routes.Add($"{prefix}/rerank", post: RerankEndpoint.HandleAsync);
            routes.Add($"{prefix}/responses", post: ResponsesEndpoint.HandleAsync);
            routes.Add($"{prefix}/responses/input_tokens", post: ResponsesEndpoint.CountAsync);
            routes.Add(
                $"{prefix}/responses/{{id}}", get: StoredResponsesEndpoint.GetAsync, delete: StoredResponsesEndpoint.DeleteAsync);
            routes.Add($"{prefix}/responses/{{id}}/input_items", get: StoredResponsesEndpoint.ListInputAsync);
        }

        new DialectRoutes(endpoints, shared).AddUnknown("/v1");
    }
}
