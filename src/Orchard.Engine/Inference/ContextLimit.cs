namespace Orchard.Engine.Inference;

/// <summary>What limits the context length of a loaded model.</summary>
internal enum ContextLimit
{
    /// <summary>The length that the model was trained with.</summary>
    Model,

    /// <summary>The memory that is available.</summary>
    Memory,

    /// <summary>The settings of the load.</summary>
    Option,
}
