using Orchard.Protocol.Processes;

namespace Orchard.Connection.Processes;

/// <summary>
/// The lock between processes that is held while an engine is started, so that many who start at once end with one engine. The same
/// file, taken the same way, as the other members of the family.
/// </summary>
internal static class LaunchLock
{
    /// <summary>Takes the lock, or returns null when another program has it. Disposing releases it; the file stays.</summary>
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
                $"The lock file '{path}' cannot be used: {e.Message} Make it a file that this user may write, or choose another folder with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}.",
                e);
        }
    }
}
