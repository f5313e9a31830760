using System.Diagnostics.Metrics;

namespace Orchard.Server.Metrics;

/// <summary>The values of one instrument with one set of labels. Thread-safe.</summary>
internal sealed class Series
{
    private readonly Lock _gate = new();
    private readonly double[] _bounds;
    private readonly long[] _buckets; // guarded by _gate
    private readonly bool _isSum;
    private double _value; // guarded by _gate
    private long _count; // guarded by _gate

    private Series(Instrument instrument, KeyValuePair<string, object?>[] tags)
    {
        Name = instrument.Name;
        Unit = instrument.Unit;
        Description = instrument.Description ?? "";
        Tags = tags;
        IsObserved = instrument.IsObservable;
        _bounds = instrument is Histogram<double> histogram ? [.. histogram.Advice?.HistogramBucketBoundaries ?? []] : [];
        _buckets = new long[_bounds.Length];
        IsHistogram = instrument is Histogram<double>;
        _isSum = IsHistogram || !IsObserved;
        IsCounter = instrument is Counter<long> or ObservableCounter<long>;
    }

    /// <summary>Name of the instrument.</summary>
    public string Name { get; }

    /// <summary>Unit of the instrument; null if it has none.</summary>
    public string? Unit { get; }

    /// <summary>Description of the instrument.</summary>
    public string Description { get; }

    /// <summary>The tags of the measurements.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags { get; }

    /// <summary>Whether the value is read when it is asked for.</summary>
    public bool IsObserved { get; }

    /// <summary>Whether the value only grows.</summary>
    public bool IsCounter { get; }

    /// <summary>Whether values are counted in buckets.</summary>
    public bool IsHistogram { get; }

    /// <summary>Creates an empty series.</summary>
    public static Series Of(Instrument instrument, KeyValuePair<string, object?>[] tags) => new(instrument, tags);

    /// <summary>Adds a measurement.</summary>
    public void Add(double value)
    {
        lock (_gate)
        {
            _value = _isSum ? _value + value : value;
            _count++;
            for (int i = 0; i < _bounds.Length; i++)
            {
                _buckets[i] += value <= _bounds[i] ? 1 : 0;
            }
        }
    }

    /// <summary>Returns the value, and for histograms the number of measurements in total and up to each bound.</summary>
    public (double Value, long Count, IReadOnlyList<(double Bound, long Count)> Buckets) Read()
    {
        lock (_gate)
        {
            return (_value, _count, [.. _bounds.Zip(_buckets)]);
        }
    }
}
