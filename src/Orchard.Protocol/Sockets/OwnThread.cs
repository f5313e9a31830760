namespace Orchard.Protocol.Sockets;

/// <summary>Runs a loop on a thread of its own, for loops whose waits should end without a detour over the pool.</summary>
internal static class OwnThread
{
    [ThreadStatic]
    private static bool _isCurrent;

    /// <summary>Whether the code that asks runs on such a thread, which it may keep waiting.</summary>
    public static bool IsCurrent => _isCurrent;

    /// <summary>
    /// Starts <paramref name="loop"/> on a new background thread, which ends with the loop's first wait that is not over at once; from
    /// then on the loop runs on the pool.
    /// </summary>
    /// <param name="name">The thread's name, for debuggers.</param>
    /// <param name="loop">What runs. Its task is the result.</param>
    public static Task<T> RunAsync<T>(string name, Func<Task<T>> loop)
    {
        var started = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(loop, started)) { IsBackground = true, Name = name }.UnsafeStart();
        return started.Task.Unwrap();
    }

    private static void Run<T>(Func<Task<T>> loop, TaskCompletionSource<Task<T>> started)
    {
        _isCurrent = true;
        try
        {
            started.SetResult(loop());
        }
        catch (Exception e)
        {
            started.SetException(e); // an async method does not come here
        }
    }
}
