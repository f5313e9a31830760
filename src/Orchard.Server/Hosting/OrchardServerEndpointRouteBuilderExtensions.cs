using Microsoft.AspNetCore.Routing;
using Orchard.Server.OpenAI;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP endpoints.</summary>
public static class OrchardServerEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the endpoints of all dialects. Requires <c>builder.AddOrchardServer()</c>.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>A builder, to add conventions to all endpoints.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    public static IEndpointConventionBuilder MapOrchard(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RouteGroupBuilder group = endpoints.MapGroup("");
        OpenAIRoutes.Map(group);
        return group;
    }
}
