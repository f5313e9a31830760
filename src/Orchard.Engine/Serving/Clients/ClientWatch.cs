using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;

namespace Orchard.Engine.Serving.Clients;

/// <summary>Looks twice a second who is still there: cancels what the gone had asked for, and notices when the engine can leave.</summary>
internal sealed class ClientWatch(
    ClientLeases leases, ActiveRequests requests, Func<int> subscriberCount, TimeSpan grace, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly PresenceRule _presence = new(grace, time.GetElapsedTime(0));
    private bool _nobodyListened;
    private long _registrations;

    /// <summary>Completes when nobody has needed the engine for the grace time.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WaitUntilUnusedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!Look());
    }

    /// <summary>One look; true when the engine is to leave, and from then on nobody can register.</summary>
    public bool Look()
    {
        foreach (int pid in leases.CollectDead())
        {
            logger.ClientGone(pid, requests.CancelClient(pid));
        }

        int subscribers = subscriberCount();
        CancelUnheard(subscribers);
        return _presence.ShouldLeave(SomebodyCame() || subscribers > 0 || leases.Count > 0, time.GetElapsedTime(0))
            && leases.TryClose(_registrations);
    }

    private bool SomebodyCame()
    {
        long before = _registrations;
        _registrations = leases.Registrations;
        return _registrations != before;
    }

    // Twice in a row, since a client may have opened its request socket a moment before the other.
    private void CancelUnheard(int subscribers)
    {
        bool nobodyListens = subscribers == 0 && requests.Count > 0;
        if (nobodyListens && _nobodyListened)
        {
            logger.NobodyListens(requests.CancelAll());
        }

        _nobodyListened = nobodyListens;
    }
}
