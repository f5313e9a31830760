namespace Orchard.Routing;

/// <summary>Decides which model of a route a call goes to. Thread-safe.</summary>
/// <param name="name">Name of the route.</param>
/// <param name="route">Its settings, which do not change any more.</param>
/// <param name="sides">Its models.</param>
/// <param name="queue">The queue of the local model.</param>
/// <param name="load">Loads the local model.</param>
/// <param name="conversations">Who has answered which conversation.</param>
/// <param name="time">The clock.</param>
internal sealed class RoutePlanner(
    string name,
    ModelRoute route,
    (RouteSide Local, RouteSide Remote) sides,
    LocalQueue queue,
    LocalLoad load,
    Conversations conversations,
    TimeProvider time)
{
    // How much longer a conversation may wait for the model that has its earlier turns in the prefix cache.
    private const int PatienceForCache = 2;

    /// <summary>Decides where a call goes first.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public async Task<RoutePlan> PlanAsync(RouteCall call, CancellationToken cancellationToken)
    {
        Exception? remoteError = sides.Remote.Circuit.IsOpen ? sides.Remote.Circuit.Error : null;
        if (route.When == RouteCondition.Always)
        {
            return remoteError is null ? ToRemote(RouteReason.Always) : ToLocal(call, RouteReason.RemoteUnavailable, remoteError);
        }

        bool? wasRemote = call is { IsContinued: true, Conversation: { } id } ? conversations.FindRemote(id) : null;
        if (wasRemote == true && remoteError is null)
        {
            return ToRemote(RouteReason.Conversation);
        }

        bool isLimited = route.When == RouteCondition.QueueTime && remoteError is null;
        LocalState local = await FindLocalAsync(isLimited && !call.WaitsForLoad, cancellationToken).ConfigureAwait(false);
        if (local.Failure is not null)
        {
            return ToRemote(RouteReason.LocalUnavailable, local.Failure) with { OtherFailure = local.IsFresh ? local.Failure : null };
        }

        if (local.Ready is null)
        {
            return ToRemote(RouteReason.QueueTime);
        }

        TimeSpan? limit = isLimited && call.Sequences > 0 ? route.MaxQueueTime * (wasRemote == false ? PatienceForCache : 1) : null;
        if (!queue.TryEnter(local.Ready, call.Sequences, limit, out TimeSpan expected, out QueuePlace? place))
        {
            return ToRemote(RouteReason.QueueTime, expected: expected);
        }

        RouteReason reason = remoteError is null || wasRemote == false ? RouteReason.LocalFirst : RouteReason.RemoteUnavailable;
        return Plan(sides.Local, reason, remoteError, expected) with { Place = place };
    }

    /// <summary>Decides where a call goes that the other model did not answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="from">Where it was.</param>
    /// <param name="error">Why it was not answered.</param>
    public RoutePlan Move(RouteCall call, RouteSide from, Exception error) => from.IsRemote
        ? ToLocal(call, RouteReason.RemoteUnavailable, error)
        : ToRemote(RouteReason.LocalUnavailable, error);

    private RoutePlan ToLocal(RouteCall call, RouteReason reason, Exception? error)
    {
        queue.TryEnter(load.FindReady(), call.Sequences, limit: null, out TimeSpan expected, out QueuePlace? place);
        return Plan(sides.Local, reason, error, expected) with { Place = place };
    }

    private RoutePlan ToRemote(RouteReason reason, Exception? error = null, TimeSpan? expected = null) =>
        Plan(sides.Remote, reason, error, expected);

    private RoutePlan Plan(RouteSide side, RouteReason reason, Exception? error, TimeSpan? expected) => new(
        side,
        new RouteDecision { Name = name, IsRemote = side.IsRemote, Reason = reason, ExpectedQueueTime = expected, Error = error });

    // A model that has failed is loaded again in the background; until then, calls do not wait for it.
    private async ValueTask<LocalState> FindLocalAsync(bool isLimited, CancellationToken cancellationToken)
    {
        if (sides.Local.Circuit.Error is { } failure)
        {
            if (!sides.Local.Circuit.TryBegin())
            {
                return new LocalState(null, failure);
            }

            if (load.FindReady() is { } back)
            {
                return new LocalState(back); // the call is the trial
            }

            load.Begin();
            return new LocalState(null, failure);
        }

        if (load.FindReady() is { } ready)
        {
            return new LocalState(ready);
        }

        LocalLoad.Attempt attempt = load.Begin();
        TimeSpan limit = !isLimited ? Timeout.InfiniteTimeSpan : route.MaxQueueTime - time.GetElapsedTime(attempt.Begin);
        try
        {
            return new LocalState(await attempt.Outcome.WaitAsync(
                isLimited && limit < TimeSpan.Zero ? TimeSpan.Zero : limit, time, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return new LocalState(null);
        }
        catch (Exception e) when (RouteFailures.IsOfSide(e))
        {
            return new LocalState(null, e, IsFresh: true);
        }
    }

    /// <summary>What is known of the local model: ready, failed, or else being loaded.</summary>
    private readonly record struct LocalState(ModelInfo? Ready, Exception? Failure = null, bool IsFresh = false);
}
