using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Orchard.Server.Metrics;

/// <summary>Collects the client's measurements: adds up counters and histograms, and reads gauges when asked. Thread-safe.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = [];

    /// <summary>Starts to listen.</summary>
    public MetricsCollector()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == OrchardTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Returns everything that was measured, by name.</summary>
    public IReadOnlyList<Series> Collect()
    {
        foreach (Series gauge in _series.Values.Where(static series => series.IsObserved))
        {
            _series.TryRemove((gauge.Name, gauge.Labels), out _); // what is not reported any more is gone
        }

        _listener.RecordObservableInstruments();
        return [.. _series.Values.OrderBy(static series => series.Name, StringComparer.Ordinal)];
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = PrometheusText.Labels(tags);
        _series.GetOrAdd((instrument.Name, labels), static (key, from) => Series.Of(from, key.Labels), instrument).Add(value);
    }
}
