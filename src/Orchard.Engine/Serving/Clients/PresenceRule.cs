namespace Orchard.Engine.Serving.Clients;

/// <summary>
/// Decides when an engine that nobody uses leaves: after the grace time without a client, or, as long as none ever came, after that
/// or <see cref="FirstClientLimit"/>, whichever is longer. Not thread-safe.
/// </summary>
/// <param name="grace">How long an engine stays without a client.</param>
/// <param name="start">When the engine started, on the clock of <see cref="ShouldLeave"/>.</param>
internal sealed class PresenceRule(TimeSpan grace, TimeSpan start)
{
    /// <summary>How long the first client may take (30 s): whoever started the engine may be slow to connect.</summary>
    public static readonly TimeSpan FirstClientLimit = TimeSpan.FromSeconds(30);

    private TimeSpan _lastSeen = start;
    private bool _anyoneCame;

    /// <summary>Takes note of whether a client is present now, and says whether the engine should leave.</summary>
    public bool ShouldLeave(bool clientPresent, TimeSpan now)
    {
        if (clientPresent)
        {
            _anyoneCame = true;
            _lastSeen = now;
            return false;
        }

        TimeSpan limit = _anyoneCame || grace > FirstClientLimit ? grace : FirstClientLimit;
        return now - _lastSeen >= limit;
    }
}
