using Orchard.Remote.Configuration;

namespace Orchard.Remote.Transport;

/// <summary>
/// The servers of an endpoint. A conversation stays with its server; others go to the one with the fewest requests in flight. Servers that
/// failed are left out for a while, unless there is no other. Thread-safe.
/// </summary>
internal sealed class ServerPool : IDisposable
{
    private const int MaxSessions = 4096;

    private readonly TlsSettings _tls;
    private readonly RemoteServer[] _servers;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Session>> _sessions = []; // guarded by _gate
    private readonly LinkedList<Session> _recent = []; // guarded by _gate; the one that was used last comes first
    private uint _next; // guarded by _gate

    /// <param name="settings">The endpoint.</param>
    /// <param name="time">The clock.</param>
    public ServerPool(EndpointSettings settings, TimeProvider time)
    {
        _tls = settings.Tls;
        _servers = [.. settings.Addresses.Select(address => new RemoteServer(address, settings, time))];
    }

    /// <summary>Address of the first server.</summary>
    public Uri Address => _servers[0].Address.Shown;

    /// <summary>Number of servers.</summary>
    public int Count => _servers.Length;

    /// <summary>Returns the session of a conversation.</summary>
    public Session SessionOf(string id)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(id, out LinkedListNode<Session>? known))
            {
                _recent.Remove(known);
                _recent.AddFirst(known);
                return known.Value;
            }

            if (_sessions.Count == MaxSessions)
            {
                _sessions.Remove(_recent.Last!.Value.Id);
                _recent.RemoveLast();
            }

            var session = new Session(id);
            _sessions.Add(id, _recent.AddFirst(session));
            return session;
        }
    }

    /// <summary>Returns the server for an attempt, and counts the request there.</summary>
    /// <param name="session">The conversation; null for a request of none.</param>
    /// <param name="tried">The servers of earlier attempts, which are taken again only if there is no other.</param>
    public RemoteServer Enter(Session? session, IReadOnlyCollection<RemoteServer> tried)
    {
        lock (_gate) // a server that failed is tried by one request
        {
            RemoteServer server = Choose(session, tried);
            server.Enter();
            session?.Server = server;
            return server;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RemoteServer server in _servers)
        {
            server.Dispose();
        }

        _tls.Dispose();
    }

    // Callers hold _gate.
    private RemoteServer Choose(Session? session, IReadOnlyCollection<RemoteServer> tried)
    {
        if (_servers.Length == 1)
        {
            return _servers[0];
        }

        // Servers with equally many requests take turns with new conversations.
        uint start = session?.Server is null ? ++_next : _next;
        IEnumerable<RemoteServer> inTurn = Enumerable.Range(0, _servers.Length)
            .Select(i => _servers[(int)((start + (uint)i) % (uint)_servers.Length)]);
        return inTurn
            .OrderBy(tried.Contains)
            .ThenBy(static server => server.IsLeftOut)
            .ThenBy(server => server != session?.Server)
            .ThenBy(static server => server.InFlight)
            .First();
    }
}
