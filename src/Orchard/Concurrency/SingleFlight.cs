using System.Diagnostics.CodeAnalysis;

namespace Orchard.Concurrency;

/// <summary>
/// Produces one value for any number of concurrent callers: the first caller starts an attempt, all callers await that attempt, and the
/// value serves later callers for as long as it is current. Thread-safe.
/// </summary>
/// <remarks>
/// <para>Each attempt completes one <see cref="TaskCompletionSource{TResult}"/>, so waiting is level-triggered: a caller that arrives
/// after the completion sees it completed, and no signal can be missed. All callers that wait for a failed attempt receive its error;
/// the next caller starts a new attempt.</para>
/// <para>A caller's cancellation ends only that caller's wait. When the last waiter leaves, the attempt is cancelled. The next caller
/// starts a new attempt, which begins after the cancelled one has ended: two attempts never run at once.</para>
/// </remarks>
/// <param name="produce">Runs one attempt. Called outside the lock; its token is cancelled when no caller waits any more.</param>
/// <param name="isCurrent">Whether an existing value is still valid. Called under the lock: must be fast and must not call back.</param>
internal sealed class SingleFlight<T>(Func<CancellationToken, Task<T>> produce, Func<T, bool> isCurrent)
{
    private readonly Lock _gate = new();
    private Attempt? _attempt; // guarded by _gate
    private Task _lastRun = Task.CompletedTask; // guarded by _gate

    /// <summary>Gets the current value, without waiting and without starting an attempt.</summary>
    public bool TryGetCurrent(out T? value)
    {
        Task<T>? current = FindCurrent();
        value = current is null ? default : Completed(current);
        return current is not null;
    }

    /// <summary>The attempt in flight, or the outcome of the last one; null when there was none or it was abandoned.</summary>
    public Task<T>? LastOutcome
    {
        get
        {
            lock (_gate)
            {
                return _attempt?.Outcome;
            }
        }
    }

    /// <summary>Returns the current value, or that of the attempt in flight, or that of a new attempt.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; carries that token.</exception>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (FindCurrent() is { } current)
        {
            return current;
        }

        // Created before the lock is taken: its token may already be cancelled, and then calls back at once.
        Waiter? waiter = cancellationToken.CanBeCanceled ? new Waiter(this, cancellationToken) : null;
        Attempt attempt;
        Attempt? started = null;
        lock (_gate)
        {
            if (waiter is { HasLeft: true })
            {
                return waiter.Outcome;
            }

            // Whether it has completed is asked once: an attempt may complete at any moment, and one that does between two questions
            // would seem to have failed.
            if (_attempt is null || _attempt.Outcome.IsCompleted)
            {
                if (_attempt?.Outcome is { IsCompletedSuccessfully: true } outcome && isCurrent(Completed(outcome)))
                {
                    waiter?.End(outcome);
                    return outcome;
                }

                _attempt = started = new Attempt();
            }

            attempt = _attempt;
            attempt.Waiters++;
            waiter?.Join(attempt);
            if (started is not null)
            {
                // Assigned under the lock so that a later attempt can only ever find, and wait for, the run before its own.
                started.Predecessor = _lastRun;
                _lastRun = started.Ended;
            }
        }

        if (started is not null)
        {
            _ = RunAsync(started);
        }

        return waiter?.Outcome ?? attempt.Outcome;
    }

    /// <summary>Completes when the attempts started so far have ended, whatever their outcome.</summary>
    public Task LastAttemptAsync()
    {
        lock (_gate)
        {
            return _lastRun;
        }
    }

    private Task<T>? FindCurrent()
    {
        lock (_gate)
        {
            return _attempt is { Outcome: { IsCompletedSuccessfully: true } outcome } && isCurrent(Completed(outcome)) ? outcome : null;
        }
    }

    // Never faults: the attempt's waiters receive the outcome, whatever it is.
    private async Task RunAsync(Attempt attempt)
    {
        try
        {
            await attempt.Predecessor.ConfigureAwait(false);
            attempt.Abandoned.ThrowIfCancellationRequested();
            attempt.Succeed(await produce(attempt.Abandoned).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            attempt.Fail(error);
        }

        EndWaits(attempt);
        attempt.End();
    }

    // The outcome is known: callers that join before the lock is taken are ended here, and none can join afterwards.
    private void EndWaits(Attempt attempt)
    {
        Waiter[] waiters;
        lock (_gate)
        {
            waiters = [.. attempt.Waiting];
            attempt.Waiting.Clear();
        }

        foreach (Waiter waiter in waiters)
        {
            waiter.End(attempt.Outcome);
        }
    }

    private void Leave(Waiter waiter)
    {
        Attempt? abandoned = null;
        lock (_gate)
        {
            if (!waiter.TryLeave(out Attempt? attempt))
            {
                return; // its attempt is over
            }

            if (attempt is not null && --attempt.Waiters == 0 && !attempt.Outcome.IsCompleted)
            {
                abandoned = attempt;
                _attempt = _attempt == attempt ? null : _attempt;
            }
        }

        abandoned?.Abandon();
        waiter.Cancel();
    }

    // Only for a task that is known to have completed successfully.
    private static T Completed(Task<T> outcome) => outcome.GetAwaiter().GetResult();

    [SuppressMessage(
        "Reliability",
        "CA1001:Types that own disposable fields should be disposable",
        Justification = "Without a timer or wait handle there is nothing to release, and the last waiter may leave during the end.")]
    private sealed class Attempt
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _abandon = new();

        /// <summary>Number of callers that wait for the outcome, including those whose wait cannot be cancelled.</summary>
        public int Waiters { get; set; } // guarded by the flight's lock

        /// <summary>The waiters that can leave.</summary>
        public LinkedList<Waiter> Waiting { get; } = []; // guarded by the flight's lock

        public Task Predecessor { get; set; } = Task.CompletedTask;

        public Task<T> Outcome => _outcome.Task;

        public Task Ended => _ended.Task;

        public CancellationToken Abandoned => _abandon.Token;

        public void Succeed(T value) => _outcome.TrySetResult(value);

        public void Fail(Exception error)
        {
            _outcome.TrySetException(error);
            _ = _outcome.Task.Exception; // there may be no waiter left to observe it
        }

        public void Abandon() => _abandon.Cancel();

        public void End() => _ended.TrySetResult();
    }

    /// <summary>One caller's cancellable wait. It keeps its list node, so that leaving takes constant time.</summary>
    private sealed class Waiter
    {
        private readonly TaskCompletionSource<T> _wait = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SingleFlight<T> _flight;
        private readonly CancellationToken _token;
        private readonly CancellationTokenRegistration _cancellation;
        private LinkedListNode<Waiter>? _place; // guarded by the flight's lock
        private Attempt? _attempt; // guarded by the flight's lock

        public Waiter(SingleFlight<T> flight, CancellationToken token)
        {
            _flight = flight;
            _token = token;
            _cancellation = token.UnsafeRegister(static waiter => ((Waiter)waiter!).OnCancelled(), this);
        }

        public Task<T> Outcome => _wait.Task;

        public bool HasLeft { get; private set; } // guarded by the flight's lock

        public void Join(Attempt attempt)
        {
            _attempt = attempt;
            _place = attempt.Waiting.AddLast(this);
        }

        /// <summary>Leaves the attempt that it has joined, if any; false when that attempt is over.</summary>
        public bool TryLeave(out Attempt? attempt)
        {
            attempt = _attempt;
            HasLeft = _place is null || _place.List is not null;
            if (HasLeft && _place is not null)
            {
                attempt!.Waiting.Remove(_place);
            }

            return HasLeft;
        }

        /// <summary>Ends the wait with the outcome of the attempt.</summary>
        public void End(Task<T> outcome)
        {
            if (outcome.IsCompletedSuccessfully)
            {
                _wait.TrySetResult(Completed(outcome));
            }
            else
            {
                _wait.TrySetException(outcome.Exception!.InnerException!);
                _ = _wait.Task.Exception; // its caller may have stopped waiting
            }

            _cancellation.Unregister();
        }

        /// <summary>Ends the wait as cancelled.</summary>
        public void Cancel() => _wait.TrySetCanceled(_token);

        private void OnCancelled() => _flight.Leave(this);
    }
}
