namespace Orchard.Protocol.Sockets;

/// <summary>
/// Dedicated threads for the first few connections of a server. A thread of its own makes a connection faster, but hundreds of threads cost
/// memory and time. Thread-safe.
/// </summary>
/// <param name="name">The name of the threads in a debugger.</param>
/// <param name="count">How many there are at most.</param>
internal sealed class OwnThreads(string name, int count)
{
    private int _free = count;

    /// <summary>Runs a loop on a thread of its own, or on the thread pool if all are in use.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> loop)
    {
        bool isOwn = Interlocked.Decrement(ref _free) >= 0;
        try
        {
            return await (isOwn ? OwnThread.RunAsync(name, loop) : Task.Run(loop)).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Increment(ref _free);
        }
    }
}
