namespace Orchard.Engine;

/// <summary>
/// The lock between processes that is held while an engine is started, so that many who start at once end with one engine. Taken the
/// way the family takes it: exclusive, on the whole file, gone with the process that holds it.
/// </summary>
internal static class LaunchLock
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the lock. Disposing the stream releases it; the file stays.</summary>
    public static async Task<FileStream> AcquireAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Somebody else is starting the engine: the wait is bounded by the caller's start timeout.
                await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
