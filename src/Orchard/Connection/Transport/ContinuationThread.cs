using System.Diagnostics;
using Orchard.Calls;

namespace Orchard.Connection.Transport;

/// <summary>
/// A thread on which a caller goes on when a part of the answer has come. A worker of the thread pool looks for more work for a third of a
/// millisecond before it sleeps, and wakes another to do the same, on a processor that computes the next token meanwhile. This thread
/// sleeps at once, unless what it waited for last came in less time than waking it takes.
/// </summary>
/// <remarks>
/// Thread-safe. It takes one caller at a time and has no queue: while it is taken, all others go on on the pool, so that nobody waits
/// behind a caller that blocks it. For the same reason disposing does not wait for it.
/// </remarks>
internal sealed class ContinuationThread : IDisposable
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Disposed = 2;

    private static readonly TimeSpan Brief = TimeSpan.FromMicroseconds(100);

    private readonly AutoResetEvent _wake = new(initialState: false); // disposed by the thread
    private IThreadPoolWorkItem? _next; // written by whoever takes the thread
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

    /// <summary>The thread ends when it is free. What comes afterwards runs on the pool.</summary>
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
            SynchronizationContext.SetSynchronizationContext(null); // a caller's must not be the next one's; the pool does the same
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
