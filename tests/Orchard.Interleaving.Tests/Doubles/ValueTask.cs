using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

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

    public static ValueTask<T> FromCanceled<T>(CancellationToken cancellationToken) => new(Task.FromCanceled<T>(cancellationToken));

    public static ValueTask<T> FromException<T>(Exception exception) => new(Task.FromException<T>(exception));

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

    /// <summary>A source that is awaited, as a task that continues in place.</summary>
    public ValueTask(IValueTaskSource<T> source, short token)
    {
        var task = new Task<T>("a value to come");
        _task = task;
        _result = default!;
        if (source.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            source.OnCompleted(_ => Take(), null, token, ValueTaskSourceOnCompletedFlags.None);
        }
        else
        {
            Take();
        }

        void Take()
        {
            try
            {
                task.TrySucceed(source.GetResult(token));
            }
            catch (Exception e)
            {
                task.TryFail(e);
            }
        }
    }

    public Task<T> AsTask() => _task ?? Task.FromResult(_result);

    public TaskAwaiter<T> GetAwaiter() => AsTask().GetAwaiter();

    public ConfiguredTask<T> ConfigureAwait(bool continueOnCapturedContext) => AsTask().ConfigureAwait(continueOnCapturedContext);
}
