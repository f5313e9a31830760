namespace Orchard;

/// <summary>Stands in for the framework's.</summary>
public sealed class TaskCompletionSource<T>(TaskCreationOptions options = TaskCreationOptions.None)
{
    public Task<T> Task { get; } = new($"a signal of {typeof(T).Name}", options);

    public bool TrySetResult(T result) => Task.TrySucceed(result);

    public bool TrySetException(Exception error) => Task.TryFail(error);

    public bool TrySetCanceled(CancellationToken cancellationToken = default) => Task.TryFail(new TaskCanceledException("cancelled", null, cancellationToken));
}

/// <summary>Stands in for the framework's.</summary>
public sealed class TaskCompletionSource(TaskCreationOptions options = TaskCreationOptions.None)
{
    private readonly Task<int> _task = new("a signal", options);

    public Task Task => _task;

    public void SetResult() => _task.TrySucceed(0);

    public bool TrySetResult() => _task.TrySucceed(0);

    public bool TrySetException(Exception error) => _task.TryFail(error);
}
