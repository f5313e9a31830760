using System.Runtime.CompilerServices;

namespace Orchard;

/// <summary>Stands in for the framework's. Always a task underneath.</summary>
[AsyncMethodBuilder(typeof(ValueTaskMethodBuilder))]
public readonly struct ValueTask
{
    private readonly Task? _task;

    public ValueTask(Task task) => _task = task;

    public static ValueTask CompletedTask => default;

    // What comes from outside a schedule has ended by then.
    public static implicit operator ValueTask(System.Threading.Tasks.ValueTask ended)
    {
        ended.GetAwaiter().GetResult();
        return default;
    }

    public Task AsTask() => _task ?? Task.CompletedTask;

    public TaskAwaiter GetAwaiter() => AsTask().GetAwaiter();

    public ConfiguredTask ConfigureAwait(bool continueOnCapturedContext) => AsTask().ConfigureAwait(continueOnCapturedContext);
}

/// <summary>A <see cref="ValueTask"/> with a result.</summary>
[AsyncMethodBuilder(typeof(ValueTaskMethodBuilder<>))]
public readonly struct ValueTask<T>
{
    private readonly Task<T>? _task;
    private readonly T _result;

    public ValueTask(T result) => _result = result;

    public ValueTask(Task<T> task)
    {
        _task = task;
        _result = default!;
    }

    public Task<T> AsTask() => _task ?? Task.FromResult(_result);

    public TaskAwaiter<T> GetAwaiter() => AsTask().GetAwaiter();

    public ConfiguredTask<T> ConfigureAwait(bool continueOnCapturedContext) => AsTask().ConfigureAwait(continueOnCapturedContext);
}
