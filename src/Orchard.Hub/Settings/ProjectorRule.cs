namespace Orchard.Hub.Settings;

/// <summary>Whether the vision projector of a model is stored with it.</summary>
internal enum ProjectorRule
{
    /// <summary>If the repository has one.</summary>
    Auto,

    /// <summary>Never.</summary>
    Never,

    /// <summary>Always. A model without one is an error.</summary>
    Require,
}
