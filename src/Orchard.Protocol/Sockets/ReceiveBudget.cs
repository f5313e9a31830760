namespace Orchard.Protocol.Sockets;

/// <summary>
/// Limits the memory that the incomplete messages of all connections of a server take. When it is exceeded, the connection is closed that
/// has waited longest for the rest of its message, which gives its memory back. Thread-safe.
/// </summary>
/// <param name="maxBytes">The limit; at least the length of one message.</param>
internal sealed class ReceiveBudget(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Share> _shares = []; // guarded by _gate; those with bytes
    private long _total; // guarded by _gate
    private long _clock; // guarded by _gate

    /// <summary>Bytes of incomplete messages now.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>Opens the share of one connection.</summary>
    /// <param name="close">Closes the connection. Called outside the lock, from any thread.</param>
    public Share Open(Action<ConnectionEnd> close) => new(this, close);

    private void Set(Share share, long bytes)
    {
        Share? victim = null;
        lock (_gate)
        {
            _total += bytes - share.Bytes;
            share.Bytes = bytes;
            share.LastChange = ++_clock;
            if (bytes == 0)
            {
                _shares.Remove(share);
            }
            else
            {
                _shares.Add(share);
                if (_total > maxBytes)
                {
                    victim = _shares.MinBy(static candidate => candidate.LastChange)!;
                    _shares.Remove(victim);
                    _total -= victim.Bytes;
                    victim.Bytes = 0;
                }
            }
        }

        victim?.Close(new ConnectionEnd(ConnectionEndReason.Violated, new IOException(
            $"The peer has sent a part of a message and then less than others, and the parts of all messages exceed {maxBytes} bytes.")));
    }

    /// <summary>The part of one connection.</summary>
    internal sealed class Share(ReceiveBudget budget, Action<ConnectionEnd> close) : IDisposable
    {
        public Action<ConnectionEnd> Close { get; } = close;

        public long Bytes { get; set; } // guarded by the budget's lock

        public long LastChange { get; set; } // guarded by the budget's lock

        /// <summary>Records the bytes of the connection's incomplete message.</summary>
        public void Set(long bytes) => budget.Set(this, bytes);

        public void Dispose() => budget.Set(this, 0);
    }
}
