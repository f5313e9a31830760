using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using System.Threading.Tasks.Sources;
using Orchard.Calls;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Connection.Transport;

/// <summary>
/// The deltas of a request that have arrived and are not read yet: a channel with control over the thread that the reader continues on.
/// Any number of writers, and one reader with one wait at a time.
/// </summary>
internal sealed class DeltaQueue : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    // Holds the deltas, but does not signal the end: its Completion can be missed when the last read races with closing.
    private readonly Channel<ResponseDelta> _deltas = Channel.CreateUnbounded<ResponseDelta>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = false, AllowSynchronousContinuations = false });

    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _error; // written before _closed ends

    private ManualResetValueTaskSourceCore<bool> _wait;
    private int _isWaiting; // 1 during a wait; the thread that sets it to 0 ends the wait
    private CancellationToken _cancellation; // of the wait
    private bool _isCancelled; // written by the thread that ends the wait
    private CancellationTokenRegistration _registration;

    /// <summary>Completes, never faults, when nothing more will be written. Deltas written before can still be read.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Adds a delta; false when the queue is closed.</summary>
    public bool TryWrite(ResponseDelta delta)
    {
        bool written = _deltas.Writer.TryWrite(delta);
        EndWait();
        return written;
    }

    /// <summary>Closes the queue, with or without an error. Only the first call has an effect.</summary>
    public void Close(Exception? error = null)
    {
        if (_deltas.Writer.TryComplete())
        {
            _error = error;
            _closed.SetResult();
            EndWait();
        }
    }

    /// <summary>Takes a delta; false when none is available.</summary>
    public bool TryRead([NotNullWhen(true)] out ResponseDelta? delta) => _deltas.Reader.TryRead(out delta);

    /// <summary>Returns the next delta without removing it; false when none is available.</summary>
    public bool TryPeek([NotNullWhen(true)] out ResponseDelta? delta) => _deltas.Reader.TryPeek(out delta);

    /// <summary>
    /// Waits for a delta. False when there will be no more; true when a delta may be available, which is occasionally not the case.
    /// </summary>
    /// <remarks>The result must be awaited once, before the next wait. Fails with the error that the queue was closed with.</remarks>
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

        // Writers before this point could not see the wait.
        if (IsOver(out hasDelta) && TryTakeWait())
        {
            return Answer(hasDelta);
        }

        _registration = cancellationToken.UnsafeRegister(static queue => ((DeltaQueue)queue!).Cancel(), this);
        return new ValueTask<bool>(this, _wait.Version);
    }

    // The reader's continuation runs inside this method.
    void IThreadPoolWorkItem.Execute() => _wait.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _ = _wait.GetResult(token);
        _ = _registration.Unregister(); // does not wait for a running callback, which may then run into the next wait
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

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    // Whether there is nothing to wait for. Checks for closing first: deltas written before it are then visible.
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
            _isCancelled = _cancellation.IsCancellationRequested; // false for the callback of an earlier wait
            Continuations.Run(this);
        }
    }

    private void EndWait()
    {
        if (TryTakeWait())
        {
            Continuations.Run(this);
        }
    }

    // A plain read first could be older than the write before it, and miss the wait.
    private bool TryTakeWait() => Interlocked.Exchange(ref _isWaiting, 0) == 1;
}
