using Polly;

namespace Orchard.Hub.Transfer;

/// <summary>Sends requests without content through a resilience pipeline.</summary>
/// <remarks>
/// Microsoft.Extensions.Http.Resilience 10.11.0 has such a handler, but everything that references it, applications included, gets another
/// source generator for log messages, whose code loads one more assembly.
/// </remarks>
internal sealed class RetryingHandler(ResiliencePipeline<HttpResponseMessage> pipeline, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await pipeline
            .ExecuteAsync(async token => await base.SendAsync(request, token).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
}
