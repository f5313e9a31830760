namespace Orchard;

/// <summary>Which way a call of a <see cref="ModelRoute"/> went, and why. Immutable.</summary>
public sealed class RouteDecision
{
    /// <summary>Name of the route.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the call went to the remote model; otherwise it went to the one on this machine.</summary>
    public required bool IsRemote { get; init; }

    /// <summary>Why.</summary>
    public required RouteReason Reason { get; init; }

    /// <summary>
    /// The time that the call was expected to wait in the queue of the local model; null if that was not estimated, such as while the model
    /// was being loaded.
    /// </summary>
    public TimeSpan? ExpectedQueueTime { get; init; }

    /// <summary>Why the other model did not answer; null if it was not asked and has not failed lately.</summary>
    public Exception? Error { get; init; }
}
