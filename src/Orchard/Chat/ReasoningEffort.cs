namespace Orchard;

/// <summary>How much a model reasons before it answers, for chat templates that support levels.</summary>
public enum ReasoningEffort
{
    /// <summary>As little reasoning as possible.</summary>
    Minimal,

    /// <summary>Little reasoning.</summary>
    Low,

    /// <summary>The model's usual amount of reasoning.</summary>
    Medium,

    /// <summary>Extensive reasoning.</summary>
    High,
}
