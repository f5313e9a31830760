using Orchard.Server.Anthropic.Messages;
using Orchard.Server.Serving;

namespace Orchard.Server.Anthropic;

/// <summary>The routes of Anthropic's API, with and without <c>/v1</c>.</summary>
internal static class AnthropicRoutes
{
    private static readonly AnthropicDialect Dialect = new();

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string prefix in (string[])["/v1", ""])
        {
            routes.MapPost($"{prefix}/messages", Handle(MessagesEndpoint.HandleAsync));
            routes.MapPost($"{prefix}/messages/count_tokens", Handle(MessagesEndpoint.CountAsync));
        }
    }

    private static RequestDelegate Handle(Func<Served, Task> handler) => new ServedEndpoint(Dialect, handler).InvokeAsync;
}
