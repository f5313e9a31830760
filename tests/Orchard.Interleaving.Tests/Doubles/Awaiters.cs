using System.Runtime.CompilerServices;

namespace Orchard;

/// <summary>Awaits a task.</summary>
public readonly struct TaskAwaiter : ICriticalNotifyCompletion
{
    private readonly Task _task;
    private readonly bool _throws;

    internal TaskAwaiter(Task task, bool throws)
    {
        _task = task;
        _throws = throws;
    }

    public bool IsCompleted => _task.IsCompleted;

    public void OnCompleted(Action continuation) => _task.Then(continuation);

    public void UnsafeOnCompleted(Action continuation) => _task.Then(continuation);

    public void GetResult()
    {
        if (_throws)
        {
            _task.ThrowIfFailed();
        }
        else
        {
            _ = _task.Exception;
        }
    }
}

/// <summary>Awaits a task for its result.</summary>
public readonly struct TaskAwaiter<T> : ICriticalNotifyCompletion
{
    private readonly Task<T> _task;

    internal TaskAwaiter(Task<T> task) => _task = task;

    public bool IsCompleted => _task.IsCompleted;

    public void OnCompleted(Action continuation) => _task.Then(continuation);

    public void UnsafeOnCompleted(Action continuation) => _task.Then(continuation);

    public T GetResult() => _task.GetResult();
}

/// <summary>A task whose await was configured; here no context is ever captured.</summary>
public readonly struct ConfiguredTask
{
    private readonly Task _task;
    private readonly bool _throws;

    internal ConfiguredTask(Task task, bool throws)
    {
        _task = task;
        _throws = throws;
    }

    public TaskAwaiter GetAwaiter() => new(_task, _throws);
}

/// <summary>A task with a result whose await was configured.</summary>
public readonly struct ConfiguredTask<T>
{
    private readonly Task<T> _task;

    internal ConfiguredTask(Task<T> task) => _task = task;

    public TaskAwaiter<T> GetAwaiter() => new(_task);
}
