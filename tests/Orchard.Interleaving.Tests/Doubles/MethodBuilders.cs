using System.Runtime.CompilerServices;
using Orchard.Interleaving;

namespace Orchard;

/// <summary>What the compiler builds async methods on that return a <see cref="Task{T}"/>.</summary>
public struct TaskMethodBuilder<T>
{
    private Task<T>? _task;
    private Action? _moveNext;

    public Task<T> Task => _task ??= new Task<T>("an async method");

    public static TaskMethodBuilder<T> Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(T result)
    {
        Schedule.Current?.End(Task);
        Task.TrySucceed(result);
    }

    public void SetException(Exception exception)
    {
        Schedule.Current?.End(Task);
        Task.TryFail(exception);
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(Box(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Box(ref stateMachine));

    // At the first await the method leaves the stack, and its builder with it: the task and the box must be in it before it is copied.
    private Action Box<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_moveNext is null)
        {
            Task.Name = AsyncMethodName<TStateMachine>.Value;
            Schedule.Current?.Begin(Task);
            var box = new StrongBox<TStateMachine>();
            _moveNext = () => box.Value!.MoveNext();
            box.Value = stateMachine;
        }

        return _moveNext;
    }
}

/// <summary>What the compiler builds async methods on that return a <see cref="Task"/>.</summary>
public struct TaskMethodBuilder
{
    private TaskMethodBuilder<int> _builder;

    public Task Task => _builder.Task;

    public static TaskMethodBuilder Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult() => _builder.SetResult(0);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}

/// <summary>What the compiler builds async methods on that return a <see cref="ValueTask{T}"/>.</summary>
public struct ValueTaskMethodBuilder<T>
{
    private TaskMethodBuilder<T> _builder;

    public ValueTask<T> Task => new(_builder.Task);

    public static ValueTaskMethodBuilder<T> Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(T result) => _builder.SetResult(result);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}

/// <summary>What the compiler builds async methods on that return a <see cref="ValueTask"/>.</summary>
public struct ValueTaskMethodBuilder
{
    private TaskMethodBuilder<int> _builder;

    public ValueTask Task => new(_builder.Task);

    public static ValueTaskMethodBuilder Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult() => _builder.SetResult(0);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}

/// <summary>The name of the method a state machine was made of.</summary>
internal static class AsyncMethodName<TStateMachine>
{
    public static string Value { get; } =
        $"{typeof(TStateMachine).DeclaringType?.Name}.{typeof(TStateMachine).Name.Split('<', '>') switch { [_, { Length: > 0 } name, ..] => name, _ => typeof(TStateMachine).Name }}";
}
