using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchard.Diagnostics;

/// <summary>The sources of our spans and measurements. Without a listener they cost a check each.</summary>
/// <remarks>
/// Names of what a chat is are those of OpenTelemetry's conventions for generative AI; what is our own begins with <c>orchard.</c>. All
/// instruments are our own, so that whoever also measures above us, as the middleware of Microsoft.Extensions.AI does, counts nothing twice.
/// </remarks>
internal static class OrchardTelemetry
{
    /// <summary>What listeners subscribe to: spans and instruments alike.</summary>
    public const string Name = "Orchard";

    public static readonly ActivitySource Spans = new(Name);

    public static readonly Meter Meter = new(Name);
}
