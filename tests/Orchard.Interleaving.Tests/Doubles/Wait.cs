namespace Orchard;

/// <summary>A wait for a task that a token or a timer may end. Like the framework's: who waits goes on in place when the token fires.</summary>
internal static class Wait
{
    /// <summary>The promise, ended by whichever comes first; the task itself when nothing but its end can come.</summary>
    public static Task For(Task task, Task promise, TimeSpan? timeout, TimeProvider? time, CancellationToken cancellationToken)
    {
        if (task.IsCompleted || (timeout is null && !cancellationToken.CanBeCanceled))
        {
            return task;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            promise.TryFail(new TaskCanceledException("cancelled", null, cancellationToken));
            return promise;
        }

        ITimer? timer = timeout is { } limit && limit != Timeout.InfiniteTimeSpan
            ? time!.CreateTimer(_ => promise.TryFail(new TimeoutException()), null, limit, Timeout.InfiniteTimeSpan)
            : null;
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) => promise.TryFail(new TaskCanceledException("cancelled", null, token)), null);
        promise.Then(() =>
        {
            timer?.Dispose();
            registration.Unregister(); // never waits for the callback, unlike its disposal
        });
        task.Then(() =>
        {
            if (task.Error is null)
            {
                promise.TakeResultOf(task);
            }
            else
            {
                promise.TakeErrorOf(task);
            }
        });
        return promise;
    }
}
