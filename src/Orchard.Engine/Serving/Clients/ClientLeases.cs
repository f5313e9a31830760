using Orchard.Protocol.Processes;

namespace Orchard.Engine.Serving.Clients;

/// <summary>The processes that registered as clients: a set, so registering twice is registering once. Thread-safe.</summary>
internal sealed class ClientLeases(IProcessProbe processes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ProcessMark> _leases = [];
    private long _registrations;

    /// <summary>How often a process registered since the start: tells of a client that came and went between two looks.</summary>
    public long Registrations => Interlocked.Read(ref _registrations);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _leases.Count;
            }
        }
    }

    /// <summary>
    /// Adds a process. False when no such process is to be seen, as for a client in another container: it is welcome, but its
    /// presence shows in its connections alone.
    /// </summary>
    public bool Register(int pid)
    {
        Interlocked.Increment(ref _registrations);
        if (processes.Find(pid) is not { } mark)
        {
            return false;
        }

        lock (_gate)
        {
            _leases[pid] = mark;
        }

        return true;
    }

    /// <summary>Removes a process. False when it was not registered.</summary>
    public bool Deregister(int pid)
    {
        lock (_gate)
        {
            return _leases.Remove(pid);
        }
    }

    /// <summary>Removes the processes that ended without a word, also those whose id another process has by now, and returns them.</summary>
    public IReadOnlyList<int> CollectDead()
    {
        KeyValuePair<int, ProcessMark>[] leases;
        lock (_gate)
        {
            leases = [.. _leases];
        }

        List<int> dead = [];
        foreach ((int pid, ProcessMark mark) in leases)
        {
            if (processes.Find(pid) != mark && Remove(pid, mark))
            {
                dead.Add(pid);
            }
        }

        return dead;
    }

    private bool Remove(int pid, ProcessMark mark)
    {
        lock (_gate)
        {
            // A new process with the same id may have registered since we looked.
            return _leases.TryGetValue(pid, out ProcessMark current) && current == mark && _leases.Remove(pid);
        }
    }
}
