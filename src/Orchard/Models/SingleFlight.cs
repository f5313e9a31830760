using System.Diagnostics.CodeAnalysis;

namespace Orchard.Models;

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
        lock (_gate)
        {
            if (_attempt is { Outcome: { IsCompletedSuccessfully: true } outcome } && isCurrent(Completed(outcome)))
            {
                value = Completed(outcome);
                return true;
            }

            value = default;
            return false;
        }
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

        Attempt attempt;
        Attempt? started = null;
        lock (_gate)
        {
            // Whether it has completed is asked once: an attempt may complete at any moment, and one that does between two questions
            // would seem to have failed.
            if (_attempt is null || _attempt.Outcome.IsCompleted)
            {
                if (_attempt?.Outcome is { IsCompletedSuccessfully: true } outcome && isCurrent(Completed(outcome)))
                {
                    return outcome;
                }

                _attempt = started = new Attempt(Leave);
            }

            attempt = _attempt;
            attempt.Waiters++;
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

        return WaitAsync(attempt, cancellationToken);
    }

    /// <summary>Completes when the attempts started so far have come to their end, whatever it was.</summary>
    public Task LastAttemptAsync()
    {
        lock (_gate)
        {
            return _lastRun;
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
        finally
        {
            attempt.End();
        }
    }

    // Not an async method: thousands may wait at once, and this way a wait costs little memory and ends, cancelled, without a throw.
    private static Task<T> WaitAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        Task<T> wait = attempt.Outcome.WaitAsync(cancellationToken);
        if (wait != attempt.Outcome)
        {
            // Ahead of the caller's continuation. A wait that cannot be cancelled ends with the attempt, after which leaving means nothing.
            wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(attempt.Leave);
        }

        return wait;
    }

    private void Leave(Attempt attempt)
    {
        lock (_gate)
        {
            if (--attempt.Waiters > 0 || attempt.Outcome.IsCompleted)
            {
                return;
            }

            if (_attempt == attempt)
            {
                _attempt = null;
            }
        }

        attempt.Abandon();
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

        public Attempt(Action<Attempt> leave) => Leave = () => leave(this);

        /// <summary>Ends one wait. One delegate for all of them.</summary>
        public Action Leave { get; }

        public int Waiters { get; set; } // guarded by the flight's lock

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
}
