namespace Orchard.Engine.Hosting;

/// <summary>
/// Ownership of a namespace, as an exclusive lock on a file. The operating system gives it back when the process ends, however it
/// ends; the file itself is never unlinked, since whoever waits for it has it open.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null when another process (or another host in this one) has it.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write it.</exception>
    public static InstanceLock? TryAcquire(string path)
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

        try
        {
            return new InstanceLock(new FileStream(path, options));
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

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
