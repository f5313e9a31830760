namespace Orchard;

/// <summary>The phases of loading a model.</summary>
public enum ModelLoadPhase
{
    /// <summary>The model name is being resolved to a file.</summary>
    Resolving,

    /// <summary>An engine is being found or started.</summary>
    Connecting,

    /// <summary>The engine is loading the file.</summary>
    Activating,

    /// <summary>The model is loaded.</summary>
    Ready,
}
