using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using System.Threading.Tasks.Sources;
using Orchard.Calls;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages;

namespace Orchard.Connection.Transport;

/// <summary>
/// What has come of a request and is not read yet: a channel whose reader goes on where we choose. Any number of writers, and one reader,
/// who waits once at a time.
/// </summary>
/// <param name="continuations">Where the reader goes on after a wait; null for the pool.</param>
internal sealed class DeltaQueue(ContinuationThread? continuations) : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    // Holds the deltas. How it ends is not left to it: its own Completion is missed when the last read meets the close.
    private readonly Channel<ResponseDelta> _deltas = Channel.CreateUnbounded<ResponseDelta>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = false, AllowSynchronousContinuations = false });

    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _error; // written before _closed ends

    private ManualResetValueTaskSourceCore<bool> _wait;
    private int _isWaiting; // 1: whoever turns it to 0 ends the wait, once
    private CancellationToken _cancellation; // of the wait
    private bool _isCancelled; // written by whoever ends the wait
    private CancellationTokenRegistration _registration;

    /// <summary>Completes, never faults, when nothing more will be written. What was written can still be read.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Adds a delta; false when the queue is closed.</summary>
    public bool TryWrite(ResponseDelta delta)
    {
        bool written = _deltas.Writer.TryWrite(delta);
        EndWait();
        return written;
    }

    /// <summary>Closes the queue, with an error or without. The first call counts.</summary>
    public void Close(Exception? error = null)
    {
        if (_deltas.Writer.TryComplete())
        {
            _error = error;
            _closed.SetResult();
            EndWait();
        }
    }

    /// <summary>Takes a delta; false when there is none now.</summary>
    public bool TryRead([NotNullWhen(true)] out ResponseDelta? delta) => _deltas.Reader.TryRead(out delta);

    /// <summary>Looks at a delta and leaves it to be read; false when there is none now.</summary>
    public bool TryPeek([NotNullWhen(true)] out ResponseDelta? delta) => _deltas.Reader.TryPeek(out delta);

    /// <summary>
    /// Waits for something to read. False when there will be nothing more; true when it is worth a look, which now and then finds nothing.
    /// </summary>
    /// <remarks>The result is awaited once, before the next wait. Fails with the error that the queue was closed with.</remarks>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (IsOver(out bool hasDelta))
        {
            return Answer(hasDelta);
        }

        _wait.Reset();
        _cancellation = cancellationToken;
        _isCancelled = false;
        _ = Interlocked.Exchange(ref _isWaiting, 1);

        // What came before could not know of the wait.
        if (IsOver(out hasDelta) && TryTakeWait())
        {
            return Answer(hasDelta);
        }

        _registration = cancellationToken.UnsafeRegister(static queue => ((DeltaQueue)queue!).Cancel(), this);
        return new ValueTask<bool>(this, _wait.Version);
    }

    // The reader goes on inside of this.
    void IThreadPoolWorkItem.Execute() => _wait.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _ = _wait.GetResult(token);
        _ = _registration.Unregister(); // does not wait for a callback under way, which may then meet the next wait
        if (_isCancelled)
        {
            throw new OperationCanceledException(_cancellation);
        }

        if (!IsOver(out bool hasDelta))
        {
            return true;
        }

        if (!hasDelta && _error is not null)
        {
            ExceptionDispatchInfo.Throw(_error);
        }

        return hasDelta;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    // Whether there is nothing to wait for. Looks first whether the queue is closed: what was written before is then there to be seen.
    private bool IsOver(out bool hasDelta)
    {
        bool isClosed = Closed.IsCompleted;
        hasDelta = TryPeek(out _);
        return hasDelta || isClosed;
    }

    private ValueTask<bool> Answer(bool hasDelta) =>
        hasDelta || _error is null ? new ValueTask<bool>(hasDelta) : ValueTask.FromException<bool>(_error);

    private void Cancel()
    {
        if (TryTakeWait())
        {
            _isCancelled = _cancellation.IsCancellationRequested; // not when it is an earlier wait's callback
            GoOn();
        }
    }

    private void EndWait()
    {
        if (TryTakeWait())
        {
            GoOn();
        }
    }

    private void GoOn()
    {
        if (continuations is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            continuations.Run(this);
        }
    }

    // A plain look first could be older than what was written before it, and miss the wait.
    private bool TryTakeWait() => Interlocked.Exchange(ref _isWaiting, 0) == 1;
}
