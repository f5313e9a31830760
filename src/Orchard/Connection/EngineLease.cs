using System.Collections.Concurrent;
using Orchard.Calls;

namespace Orchard.Connection;

/// <summary>
/// This process's hold on the engine of a namespace. The engine knows clients by process id and may leave when none is registered: so
/// only the last hold of the process deregisters, and a hold is taken before registering.
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

    /// <summary>Gives the hold back, once however often it is called; true when it was the process's last.</summary>
    public bool Release() =>
        Interlocked.Exchange(ref _released, 1) == 0
        && Holders.AddOrUpdate(engineRoot, 0, static (_, count) => count - 1) == 0;
}
