using Orchard.Server.Anthropic.Messages;
using Orchard.Server.Serving;

namespace Orchard.Server.Anthropic;

/// <summary>The routes of Anthropic's API, with and without <c>/v1</c>.</summary>
internal static class AnthropicRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var dialect = new AnthropicDialect();
        foreach (string prefix in (string[])["/v1", ""])
        {
            var routes = new DialectRoutes(endpoints, dialect) { OwnsPaths = prefix.Length > 0 };
            routes.Add($"{prefix}/messages", post: MessagesEndpoint.HandleAsync);
            routes.Add($"{prefix}/messages/count_tokens", post: MessagesEndpoint.CountAsync);
        }

        new DialectRoutes(endpoints, dialect).AddUnknown("/v1/messages");
    }
}
