using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Orchard.Interleaving;

namespace Orchard;

/// <summary>
/// Stands in for the framework's task in code compiled here. Continues as that one does: in place, or elsewhere when made so; but
/// elsewhere is a place in the schedule, and every look at it a place where another thread may go first.
/// </summary>
[AsyncMethodBuilder(typeof(TaskMethodBuilder))]
public class Task
{
    private readonly bool _continuesElsewhere;
    private List<Action>? _continuations;
    private Exception? _error;
    private bool _isObserved;

    internal Task(string name, TaskCreationOptions options = TaskCreationOptions.None)
    {
        Name = name;
        _continuesElsewhere = options.HasFlag(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public static Task CompletedTask { get; } = FromResult(0);

    public bool IsCompleted
    {
        get
        {
            Schedule.Point($"looks at {Name}");
            return IsOver;
        }
    }

    public bool IsCompletedSuccessfully => IsCompleted && _error is null;

    [MemberNotNullWhen(true, nameof(Exception))]
    public bool IsFaulted => IsCompleted && _error is not (null or OperationCanceledException);

    public bool IsCanceled => IsCompleted && _error is OperationCanceledException;

    public AggregateException? Exception
    {
        get
        {
            _isObserved = true;
            return _error is null or OperationCanceledException ? null : new AggregateException(_error);
        }
    }

    internal string Name { get; set; }

    /// <summary>Whether it has ended, read without giving way to anybody.</summary>
    internal bool IsOver { get; private set; }

    internal Exception? Error => _error;

    internal bool IsObserved => _isObserved;

    public static Task<T> FromResult<T>(T value)
    {
        var task = new Task<T>("a result");
        task.TrySucceed(value);
        return task;
    }

    public static Task FromException(Exception error) => FromException<int>(error);

    public static Task<T> FromException<T>(Exception error)
    {
        var task = new Task<T>("an error");
        task.TryFail(error);
        return task;
    }

    public static Task<T> FromCanceled<T>(CancellationToken cancellationToken) =>
        FromException<T>(new TaskCanceledException("cancelled", null, cancellationToken));

    /// <summary>Runs it on another thread.</summary>
    public static Task Run(Func<Task> work, [CallerMemberName] string name = "")
    {
        var started = new Task<Task>("a start");
        Schedule.Current!.Queue(name, () => started.TrySucceed(work()));
        return UnwrapAsync(started);
    }

    /// <summary>Runs it on another thread.</summary>
    public static async Task<T> Run<T>(Func<Task<T>> work, string name)
    {
        T result = default!;
        await Run(async () => { result = await work().ConfigureAwait(false); }, name).ConfigureAwait(false);
        return result;
    }

    public static Task Delay(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken) =>
        new Task("a delay").WaitAsync(delay, time, cancellationToken).ContinueAfterTimeout();

    public static async Task WhenAll(params IEnumerable<Task> tasks)
    {
        ExceptionDispatchInfo? first = null;
        foreach (Task task in tasks.ToArray())
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        first?.Throw();
    }

    public static Task<Task> WhenAny(params Task[] tasks)
    {
        var any = new Task<Task>("the first of several");
        foreach (Task task in tasks)
        {
            task.Then(() => any.TrySucceed(task));
        }

        return any;
    }

    public static Task<Task<T>> WhenAny<T>(params Task<T>[] tasks)
    {
        var any = new Task<Task<T>>("the first of several");
        foreach (Task<T> task in tasks)
        {
            task.Then(() => any.TrySucceed(task));
        }

        return any;
    }

    public TaskAwaiter GetAwaiter() => new(this, throws: true);

    public ConfiguredTask ConfigureAwait(bool continueOnCapturedContext) => new(this, throws: true);

    public ConfiguredTask ConfigureAwait(ConfigureAwaitOptions options) => new(this, !options.HasFlag(ConfigureAwaitOptions.SuppressThrowing));

    public Task WaitAsync(CancellationToken cancellationToken) => Wait.For(this, new Task($"a wait for {Name}"), null, null, cancellationToken);

    public Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default) =>
        Wait.For(this, new Task($"a wait for {Name}"), timeout, time, cancellationToken);

    internal bool TryFail(Exception error)
    {
        bool claimed = TryClaimEnd();
        if (claimed)
        {
            End(error);
        }

        return claimed;
    }

    /// <summary>Ends as another did that ended well.</summary>
    internal virtual void TakeResultOf(Task other)
    {
        if (TryClaimEnd())
        {
            End(null);
        }
    }

    /// <summary>Goes on with the action when it has ended; at once when it has.</summary>
    internal void Then(Action continuation)
    {
        if (IsOver)
        {
            continuation();
        }
        else
        {
            (_continuations ??= []).Add(continuation);
        }
    }

    /// <summary>What an await comes to.</summary>
    internal void ThrowIfFailed()
    {
        if (!IsOver)
        {
            Schedule.Current?.Fail($"A thread would block on {Name}.");
            throw new InvalidOperationException("Blocks.");
        }

        _isObserved = true;
        if (_error is not null)
        {
            ExceptionDispatchInfo.Throw(_error);
        }
    }

    /// <summary>Ends with another's error, which counts as looked at there.</summary>
    internal void TakeErrorOf(Task other)
    {
        other._isObserved = true;
        TryFail(other._error!);
    }

    /// <summary>Claims the end for the caller, who gives it with <see cref="End"/> in the same step; false when it has one.</summary>
    private protected bool TryClaimEnd()
    {
        Schedule.Point($"ends {Name}");
        return !IsOver && (IsOver = true);
    }

    private protected void End(Exception? error)
    {
        _error = error;
        if (error is not (null or OperationCanceledException))
        {
            Schedule.Current?.ExpectObserver(this);
        }

        List<Action>? continuations = _continuations;
        _continuations = null;
        foreach (Action continuation in continuations ?? [])
        {
            if (_continuesElsewhere)
            {
                Schedule.Current!.Queue($"after {Name}", continuation);
            }
            else
            {
                continuation();
            }
        }
    }

    private static async Task UnwrapAsync(Task<Task> started) => await (await started.ConfigureAwait(false)).ConfigureAwait(false);

    // A delay is a wait for nothing: that it times out is its success.
    private async Task ContinueAfterTimeout()
    {
        try
        {
            await ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }
}
