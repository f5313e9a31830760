namespace Orchard.Engine;

/// <summary>
/// One session's hold on an engine process. The engine knows clients by process id, so the first session of this process to leave must
/// not deregister the others: only the last one does.
/// </summary>
internal sealed class EngineLease
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Root, int? EnginePid), int> Holders = []; // guarded by Gate

    private readonly (string Root, int? EnginePid) _engine;

    private EngineLease((string Root, int? EnginePid) engine) => _engine = engine;

    public static EngineLease Take(string engineRoot, int? enginePid)
    {
        var lease = new EngineLease((engineRoot, enginePid));
        lock (Gate)
        {
            Holders[lease._engine] = Holders.GetValueOrDefault(lease._engine) + 1;
        }

        return lease;
    }

    /// <summary>Gives the hold back; true when it was this process's last on that engine. Call it once.</summary>
    public bool Release()
    {
        lock (Gate)
        {
            int left = Holders[_engine] - 1;
            if (left > 0)
            {
                Holders[_engine] = left;
                return false;
            }

            Holders.Remove(_engine);
            return true;
        }
    }
}
