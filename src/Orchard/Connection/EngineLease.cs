using System.Collections.Concurrent;

namespace Orchard.Connection;

/// <summary>
/// One use of a namespace's engine by this process. The engine identifies clients by process id and may exit when none is registered.
/// Therefore a lease is taken before registering, and only the last lease of the process deregisters it.
/// </summary>
internal sealed class EngineLease(string engineRoot)
{
    private static readonly ConcurrentDictionary<string, int> Holders = new(StringComparer.Ordinal);

    private int _released;

    public static EngineLease Take(string engineRoot)
    {
        Holders.AddOrUpdate(engineRoot, 1, static (_, count) => count + 1);
        return new EngineLease(engineRoot);
    }

    /// <summary>Releases the lease; further calls have no effect. Returns whether it was the last one of the process.</summary>
    public bool Release() =>
        Interlocked.Exchange(ref _released, 1) == 0
        && Holders.AddOrUpdate(engineRoot, 0, static (_, count) => count - 1) == 0;
}
