using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// Decides how long a loaded model stays: while it is used, while a connected client pins it, and for a time after its last use by each
/// client. Not thread-safe: guarded by the lock of the model's host.
/// </summary>
/// <param name="defaultKeepAlive">How long it stays after its last use, if the client does not say; negative for always.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelRetention(TimeSpan defaultKeepAlive, TimeProvider time)
{
    /// <summary>How long a model stays after its last use by default: 5 minutes.</summary>
    public static readonly TimeSpan DefaultKeepAlive = TimeSpan.FromMinutes(5);

    /// <summary>How long a client may take from a load to its first request (10 s). The model does not leave in this time.</summary>
    public static readonly TimeSpan FirstUseLimit = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ulong, Client> _clients = [];

    /// <summary>Time of the last load command, or of the begin or end of the last use.</summary>
    public TimeSpan LastUse { get; private set; } = time.GetElapsedTime(0);

    /// <summary>Whether a client wants the model to stay for good, or as long as it is connected.</summary>
    public bool IsPinned => _clients.Values.Any(static client => client.IsPinning || client.Deadline == TimeSpan.MaxValue);

    /// <summary>Whether a client has loaded the model and may be about to use it.</summary>
    public bool IsClaimed => _clients.Values.Any(client => client.ClaimedUntil > Now);

    /// <summary>Whether another client than this one has loaded the model and may be about to use it.</summary>
    public bool IsClaimedByOthers(ulong channel) => _clients.Any(client => client.Key != channel && client.Value.ClaimedUntil > Now);

    /// <summary>Whether a client wants the model to stay even when it has disconnected.</summary>
    public bool IsKept => _clients.Values.Any(client => client.Deadline > Now || client.ClaimedUntil > Now);

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Returns whether other connected clients have loaded or used the model.</summary>
    public bool HasOthers(ulong channel) => _clients.Any(client => client.Key != channel && client.Value.IsConnected);

    /// <summary>Records a load command.</summary>
    public void Loaded(LoadCommand command)
    {
        Client client = Of(command.Channel);
        client.KeepAlive = command.Options.KeepAlive ?? client.KeepAlive;
        client.IsPinning |= command.Options.IsPinned;
        client.IsWaiting = true;
        Claim(client);
    }

    /// <summary>Records that the model is loaded: the clients that wait for it have their time from now on.</summary>
    public void Ready()
    {
        foreach (Client client in _clients.Values.Where(static client => client.IsWaiting))
        {
            Claim(client);
        }
    }

    /// <summary>Records that a use begins.</summary>
    public void Begin(ulong channel)
    {
        Client client = Of(channel);
        client.Uses++;
        client.IsWaiting = false;
        client.ClaimedUntil = TimeSpan.Zero;
        LastUse = Now;
    }

    /// <summary>Records that a use has ended.</summary>
    /// <param name="channel">The client.</param>
    /// <param name="keepAlive">How long the model stays after this use; null for what the client said before, or the default.</param>
    public void End(ulong channel, TimeSpan? keepAlive)
    {
        Client client = Of(channel);
        client.Uses--;
        Extend(client, keepAlive ?? client.KeepAlive);
        RemoveExpired();
    }

    /// <summary>Records that a client has disconnected.</summary>
    public void Disconnected(ulong channel)
    {
        if (_clients.TryGetValue(channel, out Client? client))
        {
            client.IsPinning = false;
            client.IsConnected = false;
            client.ClaimedUntil = TimeSpan.Zero;
            RemoveExpired();
        }
    }

    /// <summary>Lets the model go although clients wanted it to stay.</summary>
    public void Clear()
    {
        foreach (Client client in _clients.Values)
        {
            (client.IsPinning, client.IsWaiting, client.ClaimedUntil, client.Deadline) = (false, false, TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    private void Claim(Client client)
    {
        client.ClaimedUntil = Now + FirstUseLimit;
        Extend(client, client.KeepAlive);
    }

    private void Extend(Client client, TimeSpan keepAlive)
    {
        LastUse = Now;
        client.Deadline = keepAlive < TimeSpan.Zero ? TimeSpan.MaxValue : Now + keepAlive;
    }

    // What a connected client said applies to its later uses as well.
    private void RemoveExpired()
    {
        foreach ((ulong channel, Client client) in _clients)
        {
            if (client is { IsConnected: false, IsPinning: false, Uses: 0 } && client.Deadline <= Now && client.ClaimedUntil <= Now)
            {
                _clients.Remove(channel);
            }
        }
    }

    private Client Of(ulong channel)
    {
        if (!_clients.TryGetValue(channel, out Client? client))
        {
            client = new Client { KeepAlive = defaultKeepAlive, IsConnected = ResponseChannel.IsAssigned(channel) };
            _clients.Add(channel, client);
        }

        return client;
    }

    private sealed class Client
    {
        public required TimeSpan KeepAlive { get; set; }

        /// <summary>Until when the model stays; the maximum for always.</summary>
        public TimeSpan Deadline { get; set; }

        /// <summary>Until when the client may begin its first use.</summary>
        public TimeSpan ClaimedUntil { get; set; }

        public bool IsPinning { get; set; }

        /// <summary>Whether it has loaded the model and not used it since.</summary>
        public bool IsWaiting { get; set; }

        /// <summary>Whether its end will be reported. Clients that choose their channels themselves count as disconnected.</summary>
        public required bool IsConnected { get; set; }

        public int Uses { get; set; }
    }
}
