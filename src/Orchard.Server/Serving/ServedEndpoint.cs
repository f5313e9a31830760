using Microsoft.AspNetCore.Http.Features;
using Orchard.Server.Errors;
using Orchard.Server.Security;

namespace Orchard.Server.Serving;

/// <summary>Handles the requests of one route: admission, the handler, errors.</summary>
/// <param name="dialect">How errors are written.</param>
/// <param name="handler">Answers a request.</param>
internal sealed class ServedEndpoint(Dialect dialect, Func<Served, Task> handler)
{
    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<Cors>().Apply(http))
        {
            return;
        }

        LimitBody(http);
        var served = new Served(http, http.RequestServices.GetRequiredService<Client>(), dialect);
        try
        {
            using Admitted admitted = http.RequestServices.GetRequiredService<Admission>().Enter(http);
            served.Caller = admitted.Caller;
            await handler(served).ConfigureAwait(false);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, so there is nobody to tell.
        }
        catch (Exception e) when (e is not StreamCutException)
        {
            ApiError error = Failures.Report(served, e);
            await served.FailAsync(error, e).ConfigureAwait(false);
        }
    }

    private static void LimitBody(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = http.RequestServices.GetRequiredService<OrchardServerOptions>().MaxRequestBytes;
        }
    }
}
