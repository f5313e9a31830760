namespace Orchard.Engine.Serving.Clients;

/// <summary>
/// Decides when an unused engine stops: after the grace period without a client. Before the first client the limit is the grace period or
/// <see cref="FirstClientLimit"/>, whichever is longer. Not thread-safe.
/// </summary>
/// <param name="grace">How long the engine runs without a client.</param>
/// <param name="start">Start time of the engine on the clock of <see cref="ShouldStop"/>.</param>
internal sealed class PresenceRule(TimeSpan grace, TimeSpan start)
{
    /// <summary>Least time for the first client to connect (30 s), because the process that started the engine may be slow.</summary>
    public static readonly TimeSpan FirstClientLimit = TimeSpan.FromSeconds(30);

    private TimeSpan _lastSeen = start;
    private bool _hadClient;

    /// <summary>Records whether a client is present now. Returns whether the engine should stop.</summary>
    public bool ShouldStop(bool clientPresent, TimeSpan now)
    {
        if (clientPresent)
        {
            _hadClient = true;
            _lastSeen = now;
            return false;
        }

        TimeSpan limit = _hadClient || grace > FirstClientLimit ? grace : FirstClientLimit;
        return now - _lastSeen >= limit;
    }
}
