using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>
/// Adds routes of one dialect. Where the paths are its own, what has no handler gets an error of the dialect: clients parse it.
/// </summary>
/// <param name="routes">The application.</param>
/// <param name="dialect">How errors are written.</param>
internal sealed class DialectRoutes(IEndpointRouteBuilder routes, Dialect dialect)
{
    // What the application itself serves at a path comes first.
    private const int Last = int.MaxValue - 1;

    /// <summary>
    /// Whether the paths belong to the dialect, so that other methods are refused (default: true). At others, the application may have
    /// pages.
    /// </summary>
    public bool OwnsPaths { get; init; } = true;

    /// <summary>Adds the handlers of a path, by method.</summary>
    /// <param name="pattern">The path.</param>
    /// <param name="get">Handles GET; null if there is none.</param>
    /// <param name="post">Handles POST; null if there is none.</param>
    /// <param name="delete">Handles DELETE; null if there is none.</param>
    public void Add(string pattern, Func<Served, Task>? get = null, Func<Served, Task>? post = null, Func<Served, Task>? delete = null)
    {
        (string Method, Func<Served, Task>? Handler)[] all =
            [(HttpMethods.Get, get), (HttpMethods.Post, post), (HttpMethods.Delete, delete)];
        foreach ((string method, Func<Served, Task>? handler) in all)
        {
            if (handler is not null)
            {
                routes.MapMethods(pattern, [method], Handle(handler));
            }
        }

        if (OwnsPaths)
        {
            string allowed = string.Join(", ", all.Where(static one => one.Handler is not null).Select(static one => one.Method));
            routes.Map(pattern, Handle(served => RefuseMethod(served.Http, allowed))).WithOrder(Last);
        }
    }

    /// <summary>Refuses what is below a path and has no handler.</summary>
    /// <param name="path">The path, without a slash at its end.</param>
    public void AddUnknown(string path) => routes
        .Map($"{path}/{{**path}}", Handle(static served => throw new ApiException(NoRoute.ForPath(served.Http.Request))))
        .WithOrder(Last);

    private static Task RefuseMethod(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        throw new ApiException(NoRoute.ForMethod(http.Request, allowed));
    }

    private RequestDelegate Handle(Func<Served, Task> handler) => new ServedEndpoint(dialect, handler).InvokeAsync;
}
