using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Requests;

namespace Orchard.Engine.Serving.Clients;

/// <summary>
/// Checks twice a second which clients still exist: cancels the requests of those that have gone, and detects when the engine can stop.
/// </summary>
internal sealed class ClientWatch(
    ClientLeases leases, ActiveRequests requests, Func<int> subscriberCount, TimeSpan grace, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly PresenceRule _presence = new(grace, time.GetElapsedTime(0));
    private bool _hadNoSubscribers;
    private long _registrations;

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
        foreach (int pid in leases.CollectDead())
        {
            logger.ClientGone(pid, requests.CancelClient(pid));
        }

        int subscribers = subscriberCount();
        CancelWithoutSubscribers(subscribers);
        return _presence.ShouldStop(HasNewRegistration() || subscribers > 0 || leases.Count > 0, time.GetElapsedTime(0))
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
