namespace Orchard.Routing;

/// <summary>A call that one model of a route answers, until it is disposed.</summary>
/// <param name="Value">What the model returned.</param>
/// <param name="Plan">Where the call is.</param>
internal sealed record RouteUse<T>(T Value, RoutePlan Plan) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Plan.Place?.Dispose();
}
