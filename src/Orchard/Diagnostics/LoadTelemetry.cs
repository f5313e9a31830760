using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchard.Diagnostics;

/// <summary>What is told of loading models.</summary>
internal static class LoadTelemetry
{
    public static readonly Histogram<double> Duration = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.model.load.duration", "s", "Time an attempt to load a model took, with finding or starting the engine.");

    /// <summary>The attempt as it is, told of when it ends.</summary>
    /// <param name="model">What is loaded.</param>
    /// <param name="state">What <paramref name="load"/> needs, so that it need not be an object of its own.</param>
    /// <param name="load">The attempt.</param>
    public static Task<T> ObserveAsync<TState, T>(string model, TState state, Func<TState, Task<T>> load) =>
        OrchardTelemetry.Spans.HasListeners() || Duration.Enabled ? MeasureAsync(model, state, load) : load(state);

    private static async Task<T> MeasureAsync<TState, T>(string model, TState state, Func<TState, Task<T>> load)
    {
        long start = Stopwatch.GetTimestamp();
        using Activity? span = OrchardTelemetry.Spans.StartActivity("orchard.model.load", ActivityKind.Internal);
        span?.SetTag(TagNames.RequestModel, model);
        var tags = new TagList { { TagNames.RequestModel, model } };
        try
        {
            return await load(state).ConfigureAwait(false);
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
