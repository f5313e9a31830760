namespace Orchard;

/// <summary>How a model's positions are scaled for a context that is longer than the one it was trained with.</summary>
public enum RopeScaling
{
    /// <summary>Not scaled.</summary>
    None,

    /// <summary>Positions are divided by a factor.</summary>
    Linear,

    /// <summary>YaRN.</summary>
    Yarn,
}
