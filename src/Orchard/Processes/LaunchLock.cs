using Orchard.Protocol.Processes;

namespace Orchard.Processes;

/// <summary>
/// The lock that a process holds while it starts an engine, so that several processes end up with one engine. Uses the same file and the
/// same kind of lock as other PIE-compatible clients.
/// </summary>
internal static class LaunchLock
{
    /// <summary>Takes the lock, or returns null when another process holds it. Disposing releases it; the file remains.</summary>
    /// <exception cref="EngineStartException">The lock file cannot be used.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return FileLock.TryAcquire(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException(
                $"The lock file '{path}' cannot be used: {e.Message} Make it a file that this user may write, "
                + $"or choose another directory with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}.",
                e);
        }
    }
}
