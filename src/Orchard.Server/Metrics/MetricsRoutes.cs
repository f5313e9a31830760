using System.Text;
using Orchard.Server.Models;
using Orchard.Server.Security;
using Orchard.Server.Serving;

namespace Orchard.Server.Metrics;

/// <summary><c>GET /metrics</c>, in Prometheus's format: the client's measurements and what an inference gateway reads.</summary>
internal static class MetricsRoutes
{
    /// <summary>Adds the route.</summary>
    public static void Map(IEndpointRouteBuilder routes, Dialect dialect) =>
        routes.MapGet("/metrics", new ServedEndpoint(dialect, HandleAsync) { Admit = Enter }.InvokeAsync);

    private static Admitted Enter(Admission admission, HttpContext http) => admission.EnterForMetrics(http);

    private static async Task HandleAsync(Served served)
    {
        var labels = new ModelLabels(await served.Get<ModelCatalog>().ListAsync(served.Aborted).ConfigureAwait(false));
        IReadOnlyList<Series> all = served.Get<MetricsCollector>().Collect();
        var text = new StringBuilder(PrometheusText.Write(all, labels.Of));
        GatewayGauges.Write(text, all);
        PrometheusText.Gauge(text, "orchard_http_requests", "HTTP requests being served.", served.Get<Admission>().Running);
        served.Http.Response.ContentType = PrometheusText.ContentType;
        await served.Http.Response.WriteAsync(text.ToString(), served.Aborted).ConfigureAwait(false);
    }
}
