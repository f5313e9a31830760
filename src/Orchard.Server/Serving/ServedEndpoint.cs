using Microsoft.AspNetCore.Http.Features;
using Orchard.Server.Errors;
using Orchard.Server.Security;

namespace Orchard.Server.Serving;

/// <summary>Handles the requests of one route: admission, the handler, errors.</summary>
/// <param name="dialect">How errors are written.</param>
/// <param name="handler">Answers a request.</param>
internal sealed class ServedEndpoint(Dialect dialect, Func<Served, Task> handler)
{
    /// <summary>Decides whether a request is served.</summary>
    public Func<Admission, HttpContext, Admitted> Admit { get; init; } = static (admission, http) => admission.Enter(http);

    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<Cors>().Apply(http))
        {
            return;
        }

        LimitBody(http);
        CancellationToken gone = http.RequestAborted;
        CancellationToken over = http.RequestServices.GetRequiredService<Drain>().Over;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, over);
        http.RequestAborted = end.Token;
        var served = new Served(http, http.RequestServices.GetRequiredService<Client>(), dialect);
        try
        {
            using Admitted admitted = Admit(http.RequestServices.GetRequiredService<Admission>(), http);
            served.Caller = admitted.Caller;
            await handler(served).ConfigureAwait(false);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            // The client has gone, so there is nobody to tell.
        }
        catch (Exception e) when (e is not StreamCutException)
        {
            http.RequestAborted = gone; // the answer has been ended, but not the client, who is told why
            Exception cause = e is OperationCanceledException && over.IsCancellationRequested
                ? new ApiException(ApiError.ShuttingDown, e)
                : e;
            await served.FailAsync(Failures.Report(served, cause), cause).ConfigureAwait(false);
        }
        finally
        {
            http.RequestAborted = gone;
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
