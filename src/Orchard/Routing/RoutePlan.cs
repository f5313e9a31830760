namespace Orchard.Routing;

/// <summary>Where a call goes next.</summary>
/// <param name="Side">The model.</param>
/// <param name="Decision">What the caller is told of it.</param>
internal sealed record RoutePlan(RouteSide Side, RouteDecision Decision)
{
    /// <summary>The call's place in the queue of the local model; null if it goes elsewhere.</summary>
    public QueuePlace? Place { get; init; }

    /// <summary>Why the other model failed during this call, so that it is not asked again; null if it did not.</summary>
    public Exception? OtherFailure { get; init; }
}
