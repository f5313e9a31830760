using System.Text;
using Orchard.Server.Serving;

namespace Orchard.Server.OpenApi;

/// <summary><c>GET /openapi.json</c>.</summary>
internal static class OpenApiRoutes
{
    private static readonly Lazy<string> Document = new(static () => OpenApiDocument.Write(Operations.All));

    /// <summary>Adds the route.</summary>
    public static void Map(IEndpointRouteBuilder routes, Dialect dialect) =>
        routes.MapGet("/openapi.json", new ServedEndpoint(dialect, HandleAsync).InvokeAsync);

    private static Task HandleAsync(Served served)
    {
        served.Http.Response.ContentType = "application/json; charset=utf-8";
        return served.Http.Response.WriteAsync(Document.Value, Encoding.UTF8, served.Aborted);
    }
}
