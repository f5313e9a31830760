using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchard.Diagnostics;

/// <summary>Telemetry of model loads.</summary>
internal static class LoadTelemetry
{
    public static readonly Histogram<double> Duration = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.model.load.duration",
        "s",
        "Duration of an attempt to load a model, including finding or starting the engine.",
        tags: null,
        Buckets.Load);

    /// <summary>Runs a load, and records its duration and outcome if there is a listener.</summary>
    /// <param name="model">The model, as the caller named it, and its identity.</param>
    /// <param name="state">Argument of <paramref name="load"/>, so that the delegate needs no closure.</param>
    /// <param name="load">Loads the model.</param>
    public static Task<T> ObserveAsync<TState, T>((string Name, string Id) model, TState state, Func<TState, Task<T>> load) =>
        OrchardTelemetry.Spans.HasListeners() || Duration.Enabled ? MeasureAsync(model, state, load) : load(state);

    private static async Task<T> MeasureAsync<TState, T>((string Name, string Id) model, TState state, Func<TState, Task<T>> load)
    {
        long start = Stopwatch.GetTimestamp();
        using Activity? span = OrchardTelemetry.Spans.StartActivity("orchard.model.load", ActivityKind.Internal);
        span?.SetTag(TagNames.RequestModel, model.Name);
        span?.SetTag(TagNames.ModelId, model.Id);
        var tags = new TagList { { TagNames.RequestModel, model.Name }, { TagNames.ModelId, model.Id } };
        try
        {
            return await load(state).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            tags.Add(TagNames.Outcome, "cancelled"); // the last caller has left: no error
            span?.SetTag(TagNames.Outcome, "cancelled");
            throw;
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
