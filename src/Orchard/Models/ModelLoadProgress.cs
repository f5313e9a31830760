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
}
