using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

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
        foreach (KeyValuePair<(string Name, string Labels), Series> gauge in _series.Where(static series => series.Value.IsObserved))
        {
            _series.TryRemove(gauge.Key, out _); // what is not reported any more is gone
        }

        _listener.RecordObservableInstruments();
        return [.. _series.Values.OrderBy(static series => series.Name, StringComparer.Ordinal)];
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (instrument.Name, PrometheusText.Labels(tags, static tag => Convert.ToString(tag.Value, CultureInfo.InvariantCulture)));
        if (!_series.TryGetValue(key, out Series? series))
        {
            series = _series.GetOrAdd(key, Series.Of(instrument, tags.ToArray()));
        }

        series.Add(value);
    }
}
