namespace Orchard;

/// <summary>Whether the vision projector of a model is downloaded with it.</summary>
public enum VisionFiles
{
    /// <summary>If the repository has one.</summary>
    Auto,

    /// <summary>Never.</summary>
    Never,

    /// <summary>Always. A model without one is refused with <see cref="ModelNotFoundException"/>.</summary>
    Require,
}
