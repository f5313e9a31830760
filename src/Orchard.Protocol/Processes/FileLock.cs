namespace Orchard.Protocol.Processes;

/// <summary>
/// An exclusive lock between processes, on a whole file. The operating system gives it back when the holder ends, however it ends.
/// </summary>
/// <remarks>
/// On Unix this is <c>flock(2)</c>, so it excludes, and is excluded by, the other members of the family. Some of them unlink the file
/// when they release it; we never do, since whoever waits has it open.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null when somebody else has it, or unlinked the file at this moment.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write it, or it is a folder.</exception>
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

    // Between our opening and our locking, the previous holder may have unlinked the file: then we hold a lock that nobody else will
    // ever meet. The framework shows no inode, but a time stamped through the handle shows at the path only if it is the same file.
    private static bool IsAt(FileStream file, string path)
    {
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch.AddTicks(Random.Shared.NextInt64(TimeSpan.FromDays(15_000).Ticks)));
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
