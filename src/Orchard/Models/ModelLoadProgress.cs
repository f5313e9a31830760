namespace Orchard;

/// <summary>Progress of loading a model.</summary>
public readonly record struct ModelLoadProgress
{
    /// <summary>The current phase.</summary>
    public ModelLoadPhase Phase { get; init; }

    /// <summary>Fraction of the model that is loaded, 0 to 1; null if unknown. It never decreases.</summary>
    public double? Fraction { get; init; }

    /// <summary>Approximate number of bytes loaded; null if unknown.</summary>
    public long? LoadedBytes { get; init; }

    /// <summary>Size of the model file in bytes; null if unknown.</summary>
    public long? TotalBytes { get; init; }
}
