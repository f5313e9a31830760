using Microsoft.Win32.SafeHandles;
using Orchard.Protocol.Files;

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
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int AppleWouldBlock = 35;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock. Returns null if another process holds it or deleted the file at the same moment.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason, or its file system has no locks.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access, or the path is a folder.</exception>
    public static FileLock? TryAcquire(string path)
    {
        FileStream? file = TryOpen(path);
        bool isHeld = false;
        try
        {
            isHeld = file is not null && IsLocked(file.SafeFileHandle, path) && IsAt(file.SafeFileHandle, path);
            return isHeld ? new FileLock(file!) : null;
        }
        finally
        {
            if (!isHeld)
            {
                file?.Dispose();
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (OperatingSystem.IsWindows() ? e.HResult == WindowsSharingViolation : IsWouldBlock(e.HResult))
        {
            return null;
        }
    }

    // The runtime has locked the file already, unless the setting System.IO.DisableFileLocking keeps it from doing so.
    private static bool IsLocked(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        int error = UnixFiles.TryLock(file);
        return error == 0 || (IsWouldBlock(error)
            ? false
            : throw new IOException($"The file '{path}' cannot be locked (error {error}). Its file system may not support locks."));
    }

    private static bool IsWouldBlock(int error) => error == (OperatingSystem.IsMacOS() ? AppleWouldBlock : LinuxWouldBlock);

    // The previous holder may delete the file after it was opened here and before it was locked. The lock would then be on a file that no
    // other process can open.
    private static bool IsAt(SafeFileHandle file, string path) =>
        !FileStat.IsSupported || (FileStat.Of(file) is { } opened && FileStat.Of(path) is { } current && opened.IsSameFile(current));
}
