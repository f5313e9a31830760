using Orchard.Server.Security;

namespace Orchard.Server.Health;

/// <summary>
/// The routes that say whether the server works, for load balancers and supervisors. They need no key, and say nothing else.
/// </summary>
internal static class HealthRoutes
{
    // A healthy engine sends several heartbeats per second.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", ReadyAsync);
        routes.MapGet("/health/live", static context => WriteAsync(context, true));
        routes.MapGet("/health/ready", ReadyAsync);
    }

    // The engine starts with the first request, unless models are preloaded; asking for readiness starts it, too.
    private static async Task ReadyAsync(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<Admission>().IsClosed)
        {
            await WriteAsync(context, false).ConfigureAwait(false);
            return;
        }

        Client client = context.RequestServices.GetRequiredService<Client>();
        try
        {
            await client.EnsureConnectedAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OrchardException or ObjectDisposedException)
        {
            await WriteAsync(context, false).ConfigureAwait(false);
            return;
        }

        bool isLoading = client.Models.List().Any(static model => model.State == ModelState.Loading)
            && !client.Models.List().Any(static model => model.State == ModelState.Ready);
        await WriteAsync(context, client.EngineStatus.HeartbeatAge < LongestSilence && !isLoading).ConfigureAwait(false);
    }

    private static Task WriteAsync(HttpContext context, bool isWell)
    {
        context.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        if (!isWell)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return context.Response.WriteAsync(isWell ? """{"status":"ok"}""" : """{"status":"unavailable"}""", context.RequestAborted);
    }
}
