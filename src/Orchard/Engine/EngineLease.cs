using System.Collections.Concurrent;

namespace Orchard.Engine;

/// <summary>
/// Counts this process's sessions per engine namespace. The engine knows clients by process id, so the first session to leave must not
/// deregister the others: only the last one does.
/// </summary>
internal static class EngineLease
{
    private static readonly ConcurrentDictionary<string, int> Holders = new(StringComparer.Ordinal);

    public static void Take(string engineRoot) => Holders.AddOrUpdate(engineRoot, 1, static (_, count) => count + 1);

    /// <summary>Gives one hold back; true when it was the process's last.</summary>
    public static bool Release(string engineRoot) => Holders.AddOrUpdate(engineRoot, 0, static (_, count) => count - 1) == 0;
}
