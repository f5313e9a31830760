namespace Orchard.Protocol.Processes;

/// <summary>
/// An exclusive lock between processes on a whole file. The operating system releases it when the holder's process ends for any reason.
/// </summary>
/// <remarks>
/// On Unix this is <c>flock(2)</c>, so it also works between Orchard and PIE-compatible clients and engines. Some of those delete the file
/// when they release the lock. Orchard never does, because waiting processes have the file open.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock. Returns null if another process holds it or deleted the file at the same moment.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access, or the path is a folder.</exception>
    public static FileLock? TryAcquire(string path)
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
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream file;
        try
        {
            file = new FileStream(path, options);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return null;
        }

        bool held = false;
        try
        {
            held = IsAt(file, path);
            return held ? new FileLock(file) : null;
        }
        finally
        {
            if (!held)
            {
                file.Dispose();
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // The previous holder may delete the file after it was opened here and before it was locked. The lock would then be on a file that no
    // other process can open. .NET does not expose inode numbers, so this writes a random timestamp through the handle: it is visible at
    // the path only if both are the same file.
    private static bool IsAt(FileStream file, string path)
    {
        long ticks = Random.Shared.NextInt64(TimeSpan.FromDays(15_000).Ticks);
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch.AddTicks(ticks));
        return File.GetLastWriteTimeUtc(file.SafeFileHandle) == File.GetLastWriteTimeUtc(path);
    }

    private static bool IsSharingViolation(IOException e)
    {
        const int WindowsSharingViolation = unchecked((int)0x80070020);
        const int LinuxWouldBlock = 11;
        const int AppleWouldBlock = 35;

        return OperatingSystem.IsWindows()
            ? e.HResult == WindowsSharingViolation
            : e.HResult == (OperatingSystem.IsMacOS() ? AppleWouldBlock : LinuxWouldBlock);
    }
}
