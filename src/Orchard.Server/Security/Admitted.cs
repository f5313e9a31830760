namespace Orchard.Server.Security;

/// <summary>A request that is being served. It counts until it is disposed.</summary>
/// <param name="caller">Whose key it has; empty without keys.</param>
/// <param name="leave">Stops counting.</param>
internal sealed class Admitted(string caller, Action leave) : IDisposable
{
    private int _left;

    /// <summary>Whose key the request has; empty without keys.</summary>
    public string Caller { get; } = caller;

    /// <summary>Stops counting the request.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            leave();
        }
    }
}
