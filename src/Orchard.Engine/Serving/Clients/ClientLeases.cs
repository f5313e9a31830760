using Orchard.Protocol.Processes;

namespace Orchard.Engine.Serving.Clients;

/// <summary>What became of a registration.</summary>
internal enum Registration
{
    /// <summary>The process is there and counts as a client.</summary>
    Counted,

    /// <summary>No such process is to be seen, as for a client in another container: it is welcome, but shows in its connections alone.</summary>
    Unseen,

    /// <summary>The engine is about to leave.</summary>
    Refused,
}

/// <summary>The processes that registered as clients: a set, so registering twice is registering once. Thread-safe.</summary>
internal sealed class ClientLeases(IProcessProbe processes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ProcessMark> _leases = [];
    private long _registrations;
    private bool _isClosed;

    /// <summary>How often a process registered since the start: tells of a client that came and went between two looks.</summary>
    public long Registrations
    {
        get
        {
            lock (_gate)
            {
                return _registrations;
            }
        }
    }

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

    /// <summary>Adds a process.</summary>
    public Registration Register(int pid)
    {
        ProcessMark? mark = processes.Find(pid);
        lock (_gate)
        {
            if (_isClosed)
            {
                return Registration.Refused;
            }

            _registrations++;
            if (mark is not { } seen)
            {
                return Registration.Unseen;
            }

            _leases[pid] = seen;
            return Registration.Counted;
        }
    }

    /// <summary>
    /// Refuses everybody from now on, unless somebody is here or has come since the caller counted: so nobody is let in by an engine
    /// that has decided to leave.
    /// </summary>
    /// <param name="registrations">How often a process had registered when the caller looked.</param>
    public bool TryClose(long registrations)
    {
        lock (_gate)
        {
            return _isClosed = _isClosed || (_leases.Count == 0 && _registrations == registrations);
        }
    }

    /// <summary>Refuses everybody from now on, whoever is here.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
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
