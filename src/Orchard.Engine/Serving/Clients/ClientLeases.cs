using Orchard.Protocol.Processes;

namespace Orchard.Engine.Serving.Clients;

/// <summary>
/// The set of processes that are registered as PIE-compatible clients. They use the engine as long as they run. Orchard's clients use it as
/// long as they are connected, so they only register. Thread-safe.
/// </summary>
internal sealed class ClientLeases(IProcessProbe processes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ProcessMark> _leases = [];
    private long _registrations;
    private bool _isClosed;

    /// <summary>Number of registrations since the start. Reveals a client that registered and deregistered between two checks.</summary>
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

    /// <summary>Whether registrations are refused, because the engine is about to stop.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Registers a client.</summary>
    /// <param name="pid">
    /// The process that uses the engine until it ends; registering it again has no effect. Null if only connections of the client count.
    /// </param>
    public Registration Register(int? pid)
    {
        ProcessMark? mark = pid is { } id ? processes.Find(id) : null;
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

            _leases[pid!.Value] = seen;
            return Registration.Counted;
        }
    }

    /// <summary>
    /// Refuses registrations from now on, unless a client is registered or has registered since the caller's check. Prevents an engine that
    /// has decided to stop from accepting another client.
    /// </summary>
    /// <param name="registrations">The value of <see cref="Registrations"/> at the caller's check.</param>
    public bool TryClose(long registrations)
    {
        lock (_gate)
        {
            return _isClosed = _isClosed || (_leases.Count == 0 && _registrations == registrations);
        }
    }

    /// <summary>Refuses registrations from now on, even if clients are registered.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Removes a process. Returns false if it was not registered.</summary>
    public bool Deregister(int pid)
    {
        lock (_gate)
        {
            return _leases.Remove(pid);
        }
    }

    /// <summary>
    /// Removes and returns the processes that have ended without deregistering, including those whose id now belongs to another process.
    /// </summary>
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
            // A new process with the same id may have registered in the meantime.
            return _leases.TryGetValue(pid, out ProcessMark current) && current == mark && _leases.Remove(pid);
        }
    }
}
