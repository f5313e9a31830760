namespace Orchard.Responses;

/// <summary>The status of a response.</summary>
public enum ResponseStatus
{
    /// <summary>The model is generating.</summary>
    InProgress,

    /// <summary>The model ended its turn, or waits for the outputs of its tool calls.</summary>
    Completed,

    /// <summary>The response was cut short; see <see cref="Response.IncompleteReason"/>.</summary>
    Incomplete,

    /// <summary>The response failed; see <see cref="Response.Error"/>. The output contains what was generated before.</summary>
    Failed,
}
