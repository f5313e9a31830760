namespace Orchard;

/// <summary>Progress of loading a model.</summary>
public readonly record struct ModelLoadProgress
{
    /// <summary>The current phase.</summary>
    public ModelLoadPhase Phase { get; init; }

    /// <summary>
    /// Fraction of the phase that is complete, 0 to 1; null if unknown. It never decreases within a phase.
    /// </summary>
    public double? Fraction { get; init; }

    /// <summary>Approximate number of bytes that are downloaded, verified or loaded; null if unknown.</summary>
    public long? LoadedBytes { get; init; }

    /// <summary>Size of the model's files in bytes; null if unknown.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Bytes per second during the last seconds of a download; null in other phases, and if unknown.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>Estimated time to the end of the phase; null if unknown.</summary>
    public TimeSpan? Remaining => BytesPerSecond is > 0 and var rate && TotalBytes - LoadedBytes is { } missing
        ? TimeSpan.FromSeconds(Math.Min(missing / rate, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;
}
