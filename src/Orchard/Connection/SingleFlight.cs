using System.Diagnostics.CodeAnalysis;

namespace Orchard.Connection;

/// <summary>
/// Produces one value for any number of callers: whoever comes first starts an attempt, everybody awaits that same attempt, and a
/// value, once produced, serves every later caller for as long as it is current. Thread-safe.
/// </summary>
/// <remarks>
/// <para>Each attempt completes one <see cref="TaskCompletionSource{TResult}"/>, so waiting is level-triggered: a caller that arrives
/// after the completion sees it completed, and there is no signal to miss. A failure reaches everybody who waited for that attempt;
/// the next caller starts a new one.</para>
/// <para>A caller's cancellation ends only that caller's wait. When the last waiter leaves, the attempt is cancelled, and whoever
/// comes next starts a new one, which begins when the cancelled one has come to its end: two attempts never run at once.</para>
/// </remarks>
/// <param name="produce">Runs one attempt. Called outside the lock; its token fires when nobody waits any more.</param>
/// <param name="isCurrent">Whether a value produced earlier still holds. Called under the lock: must be quick and call nobody.</param>
internal sealed class SingleFlight<T>(Func<CancellationToken, Task<T>> produce, Func<T, bool> isCurrent)
{
    private readonly Lock _gate = new();
    private Attempt? _attempt; // guarded by _gate
    private Task _lastRun = Task.CompletedTask; // guarded by _gate

    /// <summary>The value as it stands, without waiting and without starting anything.</summary>
    public bool TryGetCurrent(out T? value)
    {
        Task<T>? current = FindCurrent();
        value = current is null ? default : Completed(current);
        return current is not null;
    }

    /// <summary>The attempt in flight, or what the last one came to; null when there was none or it was abandoned.</summary>
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

    /// <summary>The value: at once when it is there, else from the attempt in flight, else from a new attempt.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired; carries that token.</exception>
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

        // Made before the lock is taken: its token may fire, and call back, at once.
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

    /// <summary>Completes when the attempts started so far have come to their end, whatever it was.</summary>
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

    // Never faults: the outcome, whatever it is, goes to the attempt's waiters.
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

    // The outcome is there: whoever joins before the lock is taken is among those who wait, and nobody joins after.
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
        Justification = "Without a timer or a wait handle there is nothing to release, and the last waiter may leave while the attempt ends.")]
    private sealed class Attempt
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _abandon = new();

        /// <summary>Callers that would miss the outcome, those included whose wait cannot be cancelled.</summary>
        public int Waiters { get; set; } // guarded by the flight's lock

        /// <summary>Those who may leave.</summary>
        public LinkedList<Waiter> Waiting { get; } = []; // guarded by the flight's lock

        public Task Predecessor { get; set; } = Task.CompletedTask;

        public Task<T> Outcome => _outcome.Task;

        public Task Ended => _ended.Task;

        public CancellationToken Abandoned => _abandon.Token;

        public void Succeed(T value) => _outcome.TrySetResult(value);

        public void Fail(Exception error)
        {
            _outcome.TrySetException(error);
            _ = _outcome.Task.Exception; // nobody may be left to observe it
        }

        public void Abandon() => _abandon.Cancel();

        public void End() => _ended.TrySetResult();
    }

    /// <summary>One caller's wait, which its token ends. It knows its place, so that leaving costs the same however many wait.</summary>
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

        /// <summary>Leaves the attempt that it had joined, if it had; false when that one is over.</summary>
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

        /// <summary>Ends as the attempt did.</summary>
        public void End(Task<T> outcome)
        {
            if (outcome.IsCompletedSuccessfully)
            {
                _wait.TrySetResult(Completed(outcome));
            }
            else
            {
                _wait.TrySetException(outcome.Exception!.InnerException!);
                _ = _wait.Task.Exception; // its caller may have given it up
            }

            _cancellation.Unregister();
        }

        /// <summary>Ends as its token asks.</summary>
        public void Cancel() => _wait.TrySetCanceled(_token);

        private void OnCancelled() => _flight.Leave(this);
    }
}
