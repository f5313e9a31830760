namespace Orchard.Protocol.Sockets;

/// <summary>
/// Continuations that one thread runs one after another, until another thread takes what is left. One thread adds, before any takes;
/// taking is thread-safe.
/// </summary>
internal sealed class ContinuationBatch
{
    private readonly List<IThreadPoolWorkItem> _items = [];
    private int _taken;

    public bool IsEmpty => _items.Count == 0;

    public void Add(IThreadPoolWorkItem item) => _items.Add(item);

    /// <summary>Runs one after another, until all are taken.</summary>
    public void RunAll()
    {
        while (TryTake() is { } item)
        {
            item.Execute();
            Reset();
        }
    }

    /// <summary>Moves what nobody has taken to the thread pool.</summary>
    public void MoveToPool()
    {
        while (TryTake() is { } item)
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }

    /// <summary>Empties the batch. No thread may be taking.</summary>
    public void Clear()
    {
        _items.Clear();
        _taken = 0;
    }

    // What a caller has changed must not leak to the next one; the pool does the same.
    private static void Reset()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        Thread thread = Thread.CurrentThread;
        if (!thread.IsBackground)
        {
            thread.IsBackground = true;
        }

        if (thread.Priority != ThreadPriority.Normal)
        {
            thread.Priority = ThreadPriority.Normal;
        }
    }

    private IThreadPoolWorkItem? TryTake()
    {
        int count = Interlocked.Increment(ref _taken);
        return count <= _items.Count ? _items[count - 1] : null;
    }
}
