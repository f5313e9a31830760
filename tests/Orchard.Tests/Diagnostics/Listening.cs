using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchard.Tests.Diagnostics;

/// <summary>Hears the spans and measurements of one model; tests that run beside this one have models of their own.</summary>
internal sealed class Listening : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meter = new();

    public Listening(string model)
    {
        Model = model;
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Orchard" or "Test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (model.Equals(span.GetTagItem("gen_ai.request.model")))
                {
                    Spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Orchard")
            {
                if (instrument is Histogram<double> histogram)
                {
                    Histograms.Add(histogram);
                }

                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meter.SetMeasurementEventCallback<double>(Record);
        _meter.SetMeasurementEventCallback<long>(Record);
        _meter.SetMeasurementEventCallback<int>(Record);
        _meter.Start();
    }

    public string Model { get; }

    public ConcurrentBag<Activity> Spans { get; } = [];

    public ConcurrentBag<Measured> Measurements { get; } = [];

    /// <summary>The histograms of the meter.</summary>
    public ConcurrentBag<Histogram<double>> Histograms { get; } = [];

    public void ReadGauges() => _meter.RecordObservableInstruments();

    public void Dispose()
    {
        _meter.Dispose();
        _spans.Dispose();
    }

    private void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct, IConvertible
    {
        var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
        if (Model.Equals(all.GetValueOrDefault("gen_ai.request.model")) || !all.ContainsKey("gen_ai.request.model"))
        {
            Measurements.Add(new Measured(instrument.Name, instrument.Unit, value.ToDouble(null), all));
        }
    }

    /// <summary>One measurement.</summary>
    internal sealed record Measured(string Name, string? Unit, double Value, Dictionary<string, object?> Tags);
}
