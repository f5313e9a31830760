using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>
/// The lock between processes that is held while an engine is started, so that many who start at once end with one engine. The same
/// file, taken the same way, as the other members of the family.
/// </summary>
internal static class LaunchLock
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the lock, as long as the caller does. Disposing releases it; the file stays.</summary>
    /// <exception cref="EngineStartException">The lock file cannot be used.</exception>
    public static async Task<FileLock> AcquireAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryAcquire(path) is { } taken)
            {
                return taken;
            }

            await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FileLock? TryAcquire(string path)
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
