using Orchard.Server;
using Orchard.Server.Anthropic;
using Orchard.Server.Health;
using Orchard.Server.Hosting;
using Orchard.Server.LmStudio;
using Orchard.Server.Metrics;
using Orchard.Server.Ollama;
using Orchard.Server.OpenAI;
using Orchard.Server.OpenApi;
using Orchard.Server.Page;
using Orchard.Server.Security;
using Orchard.Server.Serving;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP endpoints.</summary>
public static class OrchardServerEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the endpoints of all dialects, and the page. Requires <c>builder.AddOrchardServer()</c>.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>A builder, to add conventions to all endpoints.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    public static IEndpointConventionBuilder MapOrchard(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        _ = endpoints.ServiceProvider.GetRequiredService<MetricsCollector>(); // begins to count
        _ = endpoints.ServiceProvider.GetRequiredService<Admission>(); // reads the keys
        OrchardServerOptions options = endpoints.ServiceProvider.GetRequiredService<OrchardServerOptions>();
        RouteGroupBuilder group = endpoints.MapGroup("");
        OpenAIRoutes.Map(group, new SharedDialect());
        AnthropicRoutes.Map(group);
        OllamaRoutes.Map(group);
        LmStudioRoutes.Map(group);
        MapRoot(group, options);
        HealthRoutes.Map(group);
        MetricsRoutes.Map(group, new OpenAIDialect());
        OpenApiRoutes.Map(group, new OpenAIDialect());
        return group;
    }

    private static void MapRoot(RouteGroupBuilder group, OrchardServerOptions options)
    {
        if (options.ServePage)
        {
            PageRoutes.Map(group, OllamaRoutes.Greeting);
        }
        else
        {
            group.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], OllamaRoutes.Greeting);
        }
    }
}
