namespace Orchard;

/// <summary>What limits the context length of a loaded model.</summary>
public enum ContextLimit
{
    /// <summary>The engine did not report it.</summary>
    Unknown,

    /// <summary>The length that the model was trained with.</summary>
    Model,

    /// <summary>The memory that was available when the model was loaded.</summary>
    Memory,

    /// <summary><see cref="ModelOptions.ContextLength"/>.</summary>
    Option,
}
