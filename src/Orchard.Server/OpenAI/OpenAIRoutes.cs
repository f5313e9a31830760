using Orchard.Server.OpenAI.Chat;
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
            routes.MapPost($"{prefix}/chat/completions", new ServedEndpoint(Dialect, ChatEndpoint.HandleAsync).InvokeAsync);
        }
    }
}
