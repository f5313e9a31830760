using Orchard.Protocol.Sockets;

namespace Orchard.Connection.Transport;

/// <summary>
/// Runs callers that have waited for a part of their answer. A thread-pool worker spins for about a third of a millisecond before it
/// sleeps, and wakes another worker that does the same, which takes processor time from the engine while it computes the next token. So
/// the thread that has read the part runs the caller, and another one takes over the reading if the caller does not return soon.
/// </summary>
internal static class Continuations
{
    /// <summary>Runs <paramref name="item"/> on this thread once it no longer reads, or else on the pool. Returns at once.</summary>
    public static void Run(IThreadPoolWorkItem item)
    {
        if (!LeaderFollower.TryRun(item))
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }
}
