namespace Orchard.Protocol.Sockets;

/// <summary>Runs a loop on a dedicated thread, for loops whose waits must not take the detour through the thread pool.</summary>
internal static class OwnThread
{
    [ThreadStatic]
    private static bool _isCurrent;

    /// <summary>Whether the calling code runs on such a thread and may block it.</summary>
    public static bool IsCurrent => _isCurrent;

    /// <summary>
    /// Starts <paramref name="loop"/> on a new background thread. The thread ends at the loop's first await that does not complete
    /// synchronously; the loop then continues on the thread pool.
    /// </summary>
    /// <param name="name">The thread's name in a debugger.</param>
    /// <param name="loop">The loop. The returned task has its result.</param>
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
            started.SetException(e); // does not happen with an async method
        }
    }
}
