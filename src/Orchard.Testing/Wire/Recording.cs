using System.Threading.Channels;

namespace Orchard.Testing.Wire;

/// <summary>Records items in order, and lets one reader at a time wait for the next one. Thread-safe.</summary>
internal sealed class Recording<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _all = []; // guarded by _gate
    private readonly Channel<T> _unread = Channel.CreateUnbounded<T>();

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    public void Add(T item)
    {
        lock (_gate)
        {
            _all.Add(item);
            _unread.Writer.TryWrite(item);
        }
    }

    /// <summary>Returns the first item that no call has returned yet; waits for one if there is none.</summary>
    public Task<T> NextAsync(CancellationToken cancellationToken) => _unread.Reader.ReadAsync(cancellationToken).AsTask();
}
