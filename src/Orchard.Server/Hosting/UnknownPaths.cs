using Orchard.Server.Serving;

namespace Orchard.Server.Hosting;

/// <summary>
/// Gives requests that no route is for an error that clients can read, at all paths. Only for an application that serves nothing else:
/// others decide themselves what they answer.
/// </summary>
internal static class UnknownPaths
{
    /// <summary>Adds the errors.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var dialect = new SharedDialect();
        app.UseStatusCodePages(context => (context.HttpContext, context.HttpContext.Response.StatusCode) switch
        {
            (var http, StatusCodes.Status404NotFound) => dialect.WriteErrorAsync(http, NoRoute.ForPath(http.Request)),
            (var http, StatusCodes.Status405MethodNotAllowed) =>
                dialect.WriteErrorAsync(http, NoRoute.ForMethod(http.Request, http.Response.Headers.Allow.ToString())),
            _ => Task.CompletedTask,
        });
    }
}
