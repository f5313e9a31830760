namespace Orchard;

/// <summary>The names of efforts on the wire and in chat templates.</summary>
internal static class ThinkingEffortNames
{
    /// <summary>Returns the name of an effort; null for null.</summary>
    public static string? Of(ThinkingEffort? effort) => effort switch
    {
        ThinkingEffort.Minimal => "minimal",
        ThinkingEffort.Low => "low",
        ThinkingEffort.Medium => "medium",
        ThinkingEffort.High => "high",
        _ => null,
    };
}
