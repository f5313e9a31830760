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
        routes.MapGet("/metrics", new ServedEndpoint(dialect, HandleAsync).InvokeAsync);

    private static async Task HandleAsync(Served served)
    {
        var labels = new ModelLabels(await served.Get<ModelCatalog>().ListAsync(served.Aborted).ConfigureAwait(false));
        IReadOnlyList<Series> all = served.Get<MetricsCollector>().Collect();
        var text = new StringBuilder(PrometheusText.Write(all, labels.Of));
        double capacity = Sum(all, "orchard.engine.kv_cache.capacity");
        PrometheusText.Gauge(text, "orchard_requests_running", "Sequences being decoded.", Sum(all, "orchard.engine.sequences.running"));
        PrometheusText.Gauge(text, "orchard_requests_waiting", "Requests and sequences waiting.", Sum(all, "orchard.engine.queue.depth"));
        PrometheusText.Gauge(
            text,
            "orchard_kv_cache_usage_ratio",
            "Fraction of the KV cache in use.",
            capacity > 0 ? Sum(all, "orchard.engine.kv_cache.tokens") / capacity : 0);
        PrometheusText.Gauge(text, "orchard_http_requests", "HTTP requests being served.", served.Get<Admission>().Running);
        served.Http.Response.ContentType = PrometheusText.ContentType;
        await served.Http.Response.WriteAsync(text.ToString(), served.Aborted).ConfigureAwait(false);
    }

    private static double Sum(IReadOnlyList<Series> all, string name) =>
        all.Where(series => series.Name == name).Sum(static series => series.Read().Value);
}
