using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchard;

/// <summary>Names to subscribe to the traces and metrics of Orchard with.</summary>
/// <remarks>
/// Spans and attributes of a chat follow OpenTelemetry's semantic conventions for generative AI; all other names begin with
/// <c>orchard.</c>. Instruments have names of their own, so nothing is counted twice when middleware such as that of
/// Microsoft.Extensions.AI measures the same calls. Without a listener, telemetry costs one check per call. Prompts and answers are never
/// recorded.
/// </remarks>
/// <example><c>services.AddOpenTelemetry().WithTracing(t => t.AddSource(OrchardTelemetry.ActivitySourceName))</c></example>
public static class OrchardTelemetry
{
    /// <summary>Name of the <see cref="ActivitySource"/> of all spans.</summary>
    public const string ActivitySourceName = "Orchard";

    /// <summary>Name of the <see cref="System.Diagnostics.Metrics.Meter"/> of all instruments.</summary>
    public const string MeterName = "Orchard";

    internal static readonly ActivitySource Spans = new(ActivitySourceName);

    internal static readonly Meter Meter = new(MeterName);
}
