namespace Orchard;

/// <summary>The phases of loading a model.</summary>
public enum ModelLoadPhase
{
    /// <summary>The model name is being resolved to a file.</summary>
    Resolving,

    /// <summary>The files of the model are being downloaded, by this process or another one.</summary>
    Downloading,

    /// <summary>
    /// The content of the files is being compared with its digest. For a split model, the next part is downloaded afterwards.
    /// </summary>
    Verifying,

    /// <summary>An engine is being found or started.</summary>
    Connecting,

    /// <summary>The engine is loading the file.</summary>
    Loading,

    /// <summary>The model is loaded.</summary>
    Ready,
}
