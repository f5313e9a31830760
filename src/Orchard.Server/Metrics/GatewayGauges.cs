using System.Globalization;
using System.Text;

namespace Orchard.Server.Metrics;

/// <summary>
/// What gateways read to choose a server: the gauges of the model server protocol of the Gateway API inference extension. Pure.
/// </summary>
/// <remarks>
/// Gateways know them by vLLM's names unless they are configured otherwise, and read one series of each, so models are added up.
/// <c>vllm:lora_requests_info</c> is left out, as vLLM does without adapters: no adapter can be chosen with <c>model</c> here.
/// </remarks>
internal static class GatewayGauges
{
    // Any prefix can be reused, so a block is only a measure: that of vLLM.
    private const int BlockSize = 16;

    /// <summary>Appends the gauges.</summary>
    /// <param name="text">The metrics.</param>
    /// <param name="all">The measurements.</param>
    public static void Write(StringBuilder text, IReadOnlyList<Series> all)
    {
        double running = Sum(all, "orchard.engine.sequences.running");
        double waiting = Sum(all, "orchard.engine.queue.depth");
        double capacity = Sum(all, "orchard.engine.kv_cache.capacity");
        double held = ShareOf(capacity, Sum(all, "orchard.engine.kv_cache.tokens"));
        double used = ShareOf(capacity, Sum(all, "orchard.engine.kv_cache.used"));

        PrometheusText.Gauge(text, "orchard_requests_running", "Sequences being decoded.", running);
        PrometheusText.Gauge(text, "orchard_requests_waiting", "Requests and sequences waiting.", waiting);
        PrometheusText.Gauge(
            text, "orchard_kv_cache_usage_ratio", "Fraction of the KV cache that holds tokens, including those kept for reuse.", held);

        // What is kept for reuse gives way to what needs the room. A server that has much of it is not a full one.
        PrometheusText.Gauge(text, "vllm:num_requests_running", "Sequences being decoded.", running);
        PrometheusText.Gauge(text, "vllm:num_requests_waiting", "Requests and sequences waiting.", waiting);
        PrometheusText.Gauge(text, "vllm:kv_cache_usage_perc", "Fraction of the KV cache that running sequences use, 0 to 1.", used);
        PrometheusText.Gauge(text, "vllm:gpu_cache_usage_perc", "The same, under the name of older versions.", used);
        string blocks = (capacity / BlockSize).ToString("F0", CultureInfo.InvariantCulture);
        PrometheusText.Gauge(
            text,
            "vllm:cache_config_info",
            "Size of the KV cache in blocks of tokens.",
            1,
            $"block_size=\"{BlockSize}\",num_gpu_blocks=\"{blocks}\"");
    }

    private static double ShareOf(double capacity, double tokens) => capacity > 0 ? tokens / capacity : 0;

    private static double Sum(IReadOnlyList<Series> all, string name) =>
        all.Where(series => series.Name == name).Sum(static series => series.Read().Value);
}
