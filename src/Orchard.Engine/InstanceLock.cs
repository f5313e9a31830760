using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>Acquires the lock that ensures that only one engine serves a namespace.</summary>
internal static class InstanceLock
{
    // An engine that stops removes its pid file shortly before it releases the lock, and one that starts writes it shortly after.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Acquires the lock, waiting up to one second for an engine that is stopping.</summary>
    /// <exception cref="EngineStartException">Another engine serves the namespace.</exception>
    public static async Task<FileLock> AcquireAsync(EngineRoot root, IProcessProbe processes, TimeProvider time)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            if (FileLock.TryAcquire(root.InstanceLockFile) is { } acquired)
            {
                return acquired;
            }

            if (PidFile.Read(root.PidFile) is { } pid && processes.Find(pid) is not null)
            {
                throw new EngineStartException(
                    EngineExitCode.AlreadyRunning, $"Another engine (process {pid}) already serves '{root.Directory}'.");
            }

            if (time.GetElapsedTime(start) >= Timeout)
            {
                throw new EngineStartException(
                    EngineExitCode.AlreadyRunning,
                    $"Another engine already serves '{root.Directory}': '{root.InstanceLockFile}' is locked, but '{root.PidFile}' "
                    + "does not contain the id of a running process.");
            }

            await Task.Delay(RetryInterval, time).ConfigureAwait(false);
        }
    }
}
