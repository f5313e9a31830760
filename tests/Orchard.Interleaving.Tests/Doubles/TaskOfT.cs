using System.Runtime.CompilerServices;

namespace Orchard;

/// <summary>A <see cref="Task"/> with a result.</summary>
[AsyncMethodBuilder(typeof(TaskMethodBuilder<>))]
public sealed class Task<T> : Task
{
    private T _result = default!;

    internal Task(string name, TaskCreationOptions options = TaskCreationOptions.None)
        : base(name, options)
    {
    }

    public T Result => GetAwaiter().GetResult();

    public new TaskAwaiter<T> GetAwaiter() => new(this);

    public new ConfiguredTask<T> ConfigureAwait(bool continueOnCapturedContext) => new(this);

    public new Task<T> WaitAsync(CancellationToken cancellationToken) => WaitAsync(null, null, cancellationToken);

    public new Task<T> WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default) =>
        WaitAsync((TimeSpan?)timeout, time, cancellationToken);

    internal bool TrySucceed(T value)
    {
        bool claimed = TryClaimEnd();
        if (claimed)
        {
            _result = value;
            End(null);
        }

        return claimed;
    }

    internal override void TakeResultOf(Task other) => TrySucceed(((Task<T>)other)._result);

    internal T GetResult()
    {
        ThrowIfFailed();
        return _result;
    }

    private Task<T> WaitAsync(TimeSpan? timeout, TimeProvider? time, CancellationToken cancellationToken) =>
        (Task<T>)Wait.For(this, new Task<T>($"a wait for {Name}"), timeout, time, cancellationToken);
}
