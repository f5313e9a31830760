namespace Orchard;

/// <summary>How much a model thinks before it answers, where its template makes a difference.</summary>
public enum ThinkingEffort
{
    /// <summary>As little as it can.</summary>
    Minimal,

    /// <summary>A little.</summary>
    Low,

    /// <summary>As models do by themselves.</summary>
    Medium,

    /// <summary>A lot.</summary>
    High,
}
