namespace Orchard.Routing;

/// <summary>
/// Runs calls of a route: at the model that is planned, and at the other one if that fails before the caller has anything. Thread-safe.
/// </summary>
/// <param name="name">Name of the route.</param>
/// <param name="planner">Decides.</param>
/// <param name="isReplayAllowed">Whether a call may be sent again.</param>
/// <param name="time">The clock.</param>
internal sealed class RouteRunner(string name, RoutePlanner planner, bool isReplayAllowed, TimeProvider time)
{
    /// <summary>Sends a call to a model, and returns what the caller gets first: the result, or the first part of a stream.</summary>
    public delegate Task<T> Send<T>(RouteAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Runs a call.</summary>
    /// <param name="call">What the decision depends on.</param>
    /// <param name="send">Sends the call.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ModelRouteException">Neither model could answer.</exception>
    public async Task<RouteUse<T>> RunAsync<T>(RouteCall call, Send<T> send, CancellationToken cancellationToken)
    {
        RoutePlan first = await planner.PlanAsync(call, cancellationToken).ConfigureAwait(false);
        (RouteUse<T>? use, Exception? error) = await TryAsync(first, send, isLast: false, cancellationToken).ConfigureAwait(false);
        if (use is not null)
        {
            return use;
        }

        if (first.OtherFailure is { } known)
        {
            throw Both(first.Side, error!, known);
        }

        RoutePlan second = planner.Move(call, first.Side, error!);
        (use, Exception? otherError) = await TryAsync(second, send, isLast: true, cancellationToken).ConfigureAwait(false);
        if (use is null && error is EngineConnectionException && !first.Side.IsRemote)
        {
            // What a call without a route does, too: the next engine may answer.
            RoutePlan third = planner.Move(call, second.Side, otherError!);
            (use, error) = await TryAsync(third, send, isLast: true, cancellationToken).ConfigureAwait(false);
        }

        return use ?? throw Both(first.Side, error!, otherError!);
    }

    private async Task<(RouteUse<T>? Use, Exception? Error)> TryAsync<T>(
        RoutePlan plan, Send<T> send, bool isLast, CancellationToken cancellationToken)
    {
        RouteTelemetry.Record(plan.Decision);
        RouteSide side = plan.Side;
        var attempt = new RouteAttempt(side, isLast ? side.LastProvider : side.Provider);
        bool mayMove = true;
        long begin = time.GetTimestamp();
        if (side.IsRemote)
        {
            side.Circuit.TryBegin();
        }

        try
        {
            if (!isReplayAllowed && !isLast)
            {
                await attempt.Provider.EnsureLoadedAsync(side.Model, cancellationToken).ConfigureAwait(false);
                mayMove = false; // from here on, it may have been received
            }

            T value = await send(attempt, cancellationToken).ConfigureAwait(false);
            attempt.Begin();
            return (new RouteUse<T>(value, plan), null);
        }
        catch (Exception e)
        {
            plan.Place?.Dispose();
            if (RouteFailures.IsOfSide(e) && !attempt.HasBegun)
            {
                side.Circuit.Fail(begin, e);
            }

            bool isTold = isLast ? RouteFailures.IsTold(e) : RouteFailures.MayMove(e) && (mayMove || e is NotSupportedException);
            if (!isTold || cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            return (null, e);
        }
    }

    private ModelRouteException Both(RouteSide first, Exception error, Exception otherError) => first.IsRemote
        ? new ModelRouteException(name, otherError, error)
        : new ModelRouteException(name, error, otherError);
}
