namespace Orchard.Hub.Store;

/// <summary>
/// The right to write one blob, among all processes: an exclusive <c>flock</c> of a lock file, which is what Python's <c>filelock</c>
/// takes as well. It ends with the process that holds it.
/// </summary>
internal sealed class BlobLock : IDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int AppleWouldBlock = 35;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private BlobLock(FileStream file) => _file = file;

    public void Dispose() => _file.Dispose();

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">Path of the lock file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onWaiting">Called before each wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<BlobLock> AcquireAsync(string path, TimeProvider time, Action onWaiting, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            onWaiting();
            await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static BlobLock? TryAcquire(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Other users of a shared cache must be able to open it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
                | UnixFileMode.OtherRead;
        }

        FileStream file;
        try
        {
            file = new FileStream(path, options);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }

        // The last owner may have removed the file between opening and locking it.
        if (IsLocked(file, path) && File.Exists(path))
        {
            return new BlobLock(file);
        }

        file.Dispose();
        return null;
    }

    // The runtime has locked the file already, unless the setting System.IO.DisableFileLocking keeps it from doing so.
    private static bool IsLocked(FileStream file, string path)
    {
        int error = OperatingSystem.IsWindows() ? 0 : UnixLock.TryLock(file.SafeFileHandle);
        if (error is 0 or LinuxWouldBlock or AppleWouldBlock)
        {
            return error == 0;
        }

        file.Dispose();
        throw new IOException($"The file '{path}' cannot be locked (error {error}). Its file system may not support locks.");
    }

    private static bool IsHeld(IOException error) => error.HResult is LinuxWouldBlock or AppleWouldBlock or WindowsSharingViolation;
}
