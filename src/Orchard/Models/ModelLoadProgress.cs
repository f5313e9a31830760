namespace Orchard;

/// <summary>Where loading a model has got to.</summary>
public enum ModelLoadPhase
{
    /// <summary>The name is being turned into a file.</summary>
    Resolving,

    /// <summary>An engine is being found or started.</summary>
    Connecting,

    /// <summary>The engine is loading the file.</summary>
    Activating,

    /// <summary>The model is loaded.</summary>
    Ready,
}

/// <summary>A report on the loading of a model.</summary>
public readonly record struct ModelLoadProgress
{
    /// <summary>Where loading has got to.</summary>
    public ModelLoadPhase Phase { get; init; }

    /// <summary>The share of the model that is loaded, 0 to 1; null when it is not known. Never gets smaller.</summary>
    public double? Fraction { get; init; }

    /// <summary>About how many bytes of the file are loaded; null when that is not known.</summary>
    public long? LoadedBytes { get; init; }

    /// <summary>Size of the model file in bytes; null while it is not known.</summary>
    public long? TotalBytes { get; init; }
}
