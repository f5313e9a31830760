using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Two threads for the read loop of one connection, after the Leader/Followers pattern. The leader runs the loop. When messages have
/// completed the waits of callers, the leader suspends the loop and runs the callers' continuations, which usually return within
/// microseconds. If they do not, the follower takes over the loop, so that a caller that blocks does not stop it, and moves the
/// continuations that have not begun to the thread pool.
/// </summary>
/// <remarks>
/// Waking another thread for every continuation would take several times as long as most continuations run. So the follower is awake only
/// while continuations run, and looks at the loop once per <see cref="Patience"/>.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The thread that ends last disposes the event.")]
internal sealed class LeaderFollower : IValueTaskSource<int>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    [ThreadStatic]
    private static LeaderFollower? _current;

    private readonly AutoResetEvent _turn = new(initialState: false); // disposed by the thread that ends last
    private ManualResetValueTaskSourceCore<int> _result; // of the suspended read
    private (IBlockingReader Reader, Memory<byte> Buffer, CancellationToken Cancellation)? _suspended; // used by the leader only
    private ContinuationBatch _batch = new(); // filled by the leader
    private long _suspensions; // how often the loop was suspended; written by the leader
    private long _free; // the number of the suspension whose loop the follower may take over, or 0
    private volatile bool _hasFollower; // false while the other thread runs a continuation
    private volatile bool _isAsleep; // the follower
    private volatile bool _isOver;
    private int _ended; // threads

    private LeaderFollower()
    {
    }

    /// <summary>The pair that the current thread leads; null on all other threads.</summary>
    public static LeaderFollower? Current => _current;

    /// <summary>
    /// Starts <paramref name="loop"/> on one of two new background threads. They end when the loop ends, or when it waits for anything but
    /// <see cref="ReadAsync"/>; it then continues on the thread pool.
    /// </summary>
    /// <param name="name">The threads' name in a debugger.</param>
    /// <param name="loop">The loop. The returned task has its result.</param>
    public static Task<T> RunAsync<T>(string name, Func<Task<T>> loop)
    {
        var threads = new LeaderFollower();
        var started = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(name, () =>
        {
            threads.Lead(() => started.SetResult(loop()));
            threads.Follow();
        });
        Start(name, threads.Follow);
        return started.Task.Unwrap();
    }

    /// <summary>
    /// Runs <paramref name="continuation"/> on the current thread as soon as the loop reads again, after those added before. False when the
    /// current thread leads no loop, or no thread could take over the loop.
    /// </summary>
    public static bool TryRun(IThreadPoolWorkItem continuation)
    {
        if (_current is { _hasFollower: true } threads)
        {
            threads._batch.Add(continuation);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Reads on the leading thread. If it has continuations to run first, the read completes later, on one of the threads.
    /// </summary>
    public ValueTask<int> ReadAsync(IBlockingReader reader, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_batch.IsEmpty)
        {
            _result.Reset();
            _suspended = (reader, buffer, cancellationToken);
            return new ValueTask<int>(this, _result.Version);
        }

        return reader.ReadBlockingAsync(buffer, cancellationToken);
    }

    int IValueTaskSource<int>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private static void Start(string name, ThreadStart run) => new Thread(run) { IsBackground = true, Name = name }.UnsafeStart();

    // Runs the loop, and the continuations that suspend it, until the loop ends or the other thread has taken it over.
    private void Lead(Action run)
    {
        while (true)
        {
            _current = this;
            run();
            _current = null;
            long suspension = _suspended is null ? 0 : ++_suspensions;
            ContinuationBatch batch = _batch;
            if (suspension == 0)
            {
                _isOver = true;
                _turn.Set();
            }
            else
            {
                Release(suspension);
            }

            batch.RunAll();
            if (suspension == 0 || !TryTake(suspension))
            {
                return;
            }

            batch.Clear();
            run = CompleteRead;
        }
    }

    private void Follow()
    {
        _hasFollower = true;
        while (!_isOver)
        {
            WaitForRelease();
            if (TryTakeOver())
            {
                ContinuationBatch rest = _batch;
                _batch = new ContinuationBatch();
                rest.MoveToPool();
                Lead(CompleteRead);
                _hasFollower = true;
            }
        }

        if (Interlocked.Increment(ref _ended) == 2)
        {
            _turn.Dispose();
        }
    }

    // True when a continuation has been running for longer than the patience; false when none runs any more.
    private bool TryTakeOver()
    {
        long seen = Volatile.Read(ref _free);
        while (!_isOver)
        {
            long suspensions = Volatile.Read(ref _suspensions);
            Wait(Patience);
            long free = Volatile.Read(ref _free);
            if (free != 0 && free == seen)
            {
                _hasFollower = false; // first, since the other thread becomes the follower when it finds the loop taken
                if (TryTake(free))
                {
                    return true;
                }

                _hasFollower = true;
            }

            if (free == 0 && Volatile.Read(ref _suspensions) == suspensions)
            {
                return false;
            }

            seen = free;
        }

        return false;
    }

    private void Release(long suspension)
    {
        Interlocked.Exchange(ref _free, suspension);
        if (_isAsleep)
        {
            _isAsleep = false;
            _turn.Set();
        }
    }

    // Callers' code may have interrupted this thread, on which it has run. That must not end the loop.
    private void Wait(TimeSpan limit)
    {
        try
        {
            _turn.WaitOne(limit);
        }
        catch (ThreadInterruptedException)
        {
        }
    }

    private bool TryTake(long suspension) => Interlocked.CompareExchange(ref _free, 0, suspension) == suspension;

    private void WaitForRelease()
    {
        _isAsleep = true;
        Interlocked.MemoryBarrier(); // the leader may not have seen that this thread goes to sleep, and not wake it
        if (Volatile.Read(ref _free) == 0 && !_isOver)
        {
            Wait(Timeout.InfiniteTimeSpan);
        }

        _isAsleep = false;
    }

    private void CompleteRead()
    {
        (IBlockingReader reader, Memory<byte> buffer, CancellationToken cancellation) = _suspended!.Value;
        _suspended = null;
        int length;
        try
        {
            length = reader.WaitAndRead(buffer, cancellation);
        }
        catch (Exception e)
        {
            _result.SetException(e);
            return;
        }

        _result.SetResult(length); // runs the loop
    }
}
