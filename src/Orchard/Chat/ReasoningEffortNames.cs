namespace Orchard;

/// <summary>The names of reasoning efforts on the wire, in chat templates and in OpenAI's JSON.</summary>
internal static class ReasoningEffortNames
{
    /// <summary>Returns the name of an effort; null for null.</summary>
    public static string? Of(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.Minimal => "minimal",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        _ => null,
    };
}
