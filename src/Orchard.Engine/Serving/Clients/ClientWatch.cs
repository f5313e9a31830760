using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Requests;

namespace Orchard.Engine.Serving.Clients;

/// <summary>
/// Checks twice a second which clients still exist: cancels the requests of those that have gone, and detects when the engine can stop.
/// </summary>
/// <param name="leases">The registered clients.</param>
/// <param name="requests">The active requests.</param>
/// <param name="subscriberCount">Returns the number of clients that are connected.</param>
/// <param name="grace">How long the engine runs when it is not needed.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs which clients have gone.</param>
internal sealed class ClientWatch(
    ClientLeases leases, ActiveRequests requests, Func<int> subscriberCount, TimeSpan grace, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly PresenceRule _presence = new(grace, time.GetElapsedTime(0));
    private bool _hadNoSubscribers;
    private long _registrations;

    /// <summary>Returns whether the engine is needed although no client is connected.</summary>
    public Func<bool> IsNeeded { get; init; } = static () => false;

    /// <summary>Called at each check.</summary>
    public Action Checking { get; init; } = static () => { };

    /// <summary>Completes when the engine has had no client for the grace period.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WaitUntilUnusedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!Check());
    }

    /// <summary>Performs one check. Returns true if the engine should stop; from then on registrations are refused.</summary>
    public bool Check()
    {
        Checking();
        foreach (int pid in leases.CollectDead())
        {
            logger.ClientGone(pid, requests.CancelClient(pid));
        }

        int subscribers = subscriberCount();
        CancelWithoutSubscribers(subscribers);
        return _presence.ShouldStop(HasNewRegistration() || subscribers > 0 || leases.Count > 0 || IsNeeded(), time.GetElapsedTime(0))
            && leases.TryClose(_registrations);
    }

    private bool HasNewRegistration()
    {
        long before = _registrations;
        _registrations = leases.Registrations;
        return _registrations != before;
    }

    // Only after two checks in a row, since a client may have opened its request socket a moment before its response socket.
    private void CancelWithoutSubscribers(int subscribers)
    {
        bool hasNoSubscribers = subscribers == 0 && requests.Count > 0;
        if (hasNoSubscribers && _hadNoSubscribers)
        {
            logger.NoClientConnected(requests.CancelAll());
        }

        _hadNoSubscribers = hasNoSubscribers;
    }
}
