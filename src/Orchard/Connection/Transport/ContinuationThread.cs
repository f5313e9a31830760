using System.Diagnostics;
using Orchard.Calls;

namespace Orchard.Connection.Transport;

/// <summary>
/// A thread that runs a caller's continuation when a part of its answer has arrived. A thread-pool worker spins for about a third of a
/// millisecond before it sleeps, and wakes another worker that does the same, which takes processor time from the engine while it computes
/// the next token. This thread sleeps at once, unless its last wait was shorter than the time that waking it takes.
/// </summary>
/// <remarks>
/// Thread-safe. It runs one continuation at a time and has no queue: while it is busy, all others run on the pool, so that no caller waits
/// behind one that blocks. For the same reason disposing does not wait for it.
/// </remarks>
internal sealed class ContinuationThread : IDisposable
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Disposed = 2;

    private static readonly TimeSpan Brief = TimeSpan.FromMicroseconds(100);

    private readonly AutoResetEvent _wake = new(initialState: false); // disposed by the thread
    private IThreadPoolWorkItem? _next; // written by the caller that changes _state
    private int _state = Free;
    private TimeSpan _lastWait = TimeSpan.MaxValue;

    public ContinuationThread() => new Thread(RunLoop) { IsBackground = true, Name = "Orchard callers" }.UnsafeStart();

    /// <summary>Runs <paramref name="item"/> on this thread when it is free, else on the pool. Returns at once.</summary>
    public void Run(IThreadPoolWorkItem item)
    {
        if (Interlocked.CompareExchange(ref _state, Taken, Free) == Free)
        {
            _next = item;
            _wake.Set();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }

    /// <summary>Ends the thread when it is idle. Later work runs on the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, Disposed) == Free)
        {
            _wake.Set();
        }
    }

    private void RunLoop()
    {
        do
        {
            Wait();
            _next?.Execute(); // null: disposed while free
            _next = null;
            SynchronizationContext.SetSynchronizationContext(null); // must not leak from one caller to the next; the pool does the same
        }
        while (Interlocked.CompareExchange(ref _state, Free, Taken) == Taken);

        _wake.Dispose();
    }

    private void Wait()
    {
        long start = Stopwatch.GetTimestamp();
        if (_lastWait < Brief)
        {
            while (Volatile.Read(ref _state) == Free && Stopwatch.GetElapsedTime(start) < Brief)
            {
                Thread.SpinWait(iterations: 10);
            }
        }

        _wake.WaitOne();
        _lastWait = Stopwatch.GetElapsedTime(start);
    }
}
