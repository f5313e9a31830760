using Microsoft.Net.Http.Headers;
using Orchard.Server.Serving;

namespace Orchard.Server.Page;

/// <summary>The routes of the page.</summary>
internal static class PageRoutes
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="greeting">Answers clients at <c>/</c> that want no page.</param>
    public static void Map(IEndpointRouteBuilder routes, RequestDelegate greeting)
    {
        routes.MapMethods("/", Reads, context => OpenAsync(context, greeting));
        routes.MapMethods("/page/{file}", Reads, SendFileAsync);
        routes.MapPost("/page/load", new ServedEndpoint(new PageDialect(), PageLoadEndpoint.HandleAsync).InvokeAsync);
    }

    private static Task OpenAsync(HttpContext context, RequestDelegate greeting)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (!AcceptsHtml(context.Request))
        {
            return greeting(context);
        }

        // The page names its files relative to its own address, which works below any path that ends with a slash.
        string path = context.Request.PathBase.Add(context.Request.Path).ToUriComponent();
        if (!path.EndsWith('/'))
        {
            context.Response.Redirect($"{path}/{context.Request.QueryString}");
            return Task.CompletedTask;
        }

        return PageAssets.Index.SendAsync(context);
    }

    // The page has to be there to ask for a key, so its files need none. They say nothing about the server.
    private static Task SendFileAsync(HttpContext context)
    {
        if (PageAssets.Find((string?)context.Request.RouteValues["file"]) is { } asset)
        {
            return asset.SendAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // Browsers name the type; programs accept anything, or name another type.
    private static bool AcceptsHtml(HttpRequest request) => request.GetTypedHeaders().Accept.Any(
        static type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}
