using System.Diagnostics.Metrics;

namespace Orchard.Diagnostics;

/// <summary>Bucket boundaries of histograms, for exporters without a configuration of their own.</summary>
internal static class Buckets
{
    /// <summary>Seconds of a chat: those of OpenTelemetry's semantic conventions for generative AI.</summary>
    public static InstrumentAdvice<double> Chat { get; } = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    /// <summary>Seconds to a first token: as above, and shorter, because small models on fast machines are.</summary>
    public static InstrumentAdvice<double> FirstToken { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60],
    };

    /// <summary>Seconds of a load, from a cached small file to a large one on a slow disk.</summary>
    public static InstrumentAdvice<double> Load { get; } = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    };
}
