namespace Orchard.Callbacks;

/// <summary>
/// Calls code of one subscriber of the application: in order, one call at a time, on the thread pool. The code may block or fail without
/// delaying the thread that has something to tell. Thread-safe.
/// </summary>
/// <remarks>A subscriber that is too slow misses the oldest calls.</remarks>
/// <param name="capacity">Maximum number of calls that wait.</param>
internal sealed class CallbackQueue(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new(); // guarded by _gate
    private Task _run = Task.CompletedTask; // guarded by _gate
    private bool _isRunning; // guarded by _gate

    /// <summary>Queues a call. Its exceptions are ignored: nobody could handle them.</summary>
    public void Add(Action callback)
    {
        lock (_gate)
        {
            if (_waiting.Count == capacity)
            {
                _ = _waiting.Dequeue();
            }

            _waiting.Enqueue(callback);
            if (!_isRunning)
            {
                _isRunning = true;
                _run = Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Completes when all calls queued so far have been made.</summary>
    public Task DrainedAsync()
    {
        lock (_gate)
        {
            return _run;
        }
    }

    private Task RunAsync()
    {
        while (TryTake(out Action? callback))
        {
            try
            {
                callback!();
            }
            catch (Exception)
            {
                // The subscriber's own failure.
            }
        }

        return Task.CompletedTask;
    }

    private bool TryTake(out Action? callback)
    {
        lock (_gate)
        {
            return _isRunning = _waiting.TryDequeue(out callback);
        }
    }
}
