using System.Diagnostics.Metrics;
using Orchard.Diagnostics;

namespace Orchard.Calls.Telemetry;

/// <summary>The instruments of chat calls.</summary>
internal static class ChatMetrics
{
    public static readonly Histogram<double> Duration = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.chat.duration", "s", "Time from the first read of a call to its end.", tags: null, Buckets.Chat);

    public static readonly Histogram<double> TimeToFirstToken = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.chat.time_to_first_token",
        "s",
        "Time from the first read of a call to the first reasoning, text or tool call of its answer, loading the model included.",
        tags: null,
        Buckets.FirstToken);

    public static readonly Counter<long> Tokens = OrchardTelemetry.Meter.CreateCounter<long>(
        "orchard.chat.tokens", "{token}", "Tokens of finished answers.");

    /// <summary>Whether any of the instruments has a listener.</summary>
    public static bool IsEnabled => Duration.Enabled || TimeToFirstToken.Enabled || Tokens.Enabled;
}
