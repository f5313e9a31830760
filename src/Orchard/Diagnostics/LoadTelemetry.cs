using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchard.Diagnostics;

/// <summary>What is told of loading models.</summary>
internal static class LoadTelemetry
{
    public static readonly Histogram<double> Duration = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.model.load.duration", "s", "Time an attempt to load a model took, with finding or starting the engine.");

    /// <summary>The attempt as it is, told of when it ends.</summary>
    public static Task<T> ObserveAsync<T>(string model, Func<Task<T>> load) =>
        OrchardTelemetry.Spans.HasListeners() || Duration.Enabled ? MeasureAsync(model, load) : load();

    private static async Task<T> MeasureAsync<T>(string model, Func<Task<T>> load)
    {
        long start = Stopwatch.GetTimestamp();
        using Activity? span = OrchardTelemetry.Spans.StartActivity("orchard.model.load", ActivityKind.Internal);
        span?.SetTag(TagNames.RequestModel, model);
        var tags = new TagList { { TagNames.RequestModel, model } };
        try
        {
            return await load().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            tags.Add(TagNames.ErrorType, e.GetType().FullName);
            span?.SetTag(TagNames.ErrorType, e.GetType().FullName);
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }
    }
}
