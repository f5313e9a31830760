using Orchard.Protocol.Files;

namespace Orchard.Protocol.Sockets;

/// <summary>Identity of the file of a bound unix socket.</summary>
/// <remarks>
/// The number of a deleted file can be reused at once, so the time of the bind is part of the identity. Where .NET is the only source, the
/// identity consists of times: two files bound within one tick of the file system's clock (some milliseconds) are not distinguished.
/// </remarks>
internal readonly record struct SocketFile(ulong Device, ulong Inode, long Created, long Written)
{
    // Errors of open(2) for a socket: ENXIO on Linux and macOS, EOPNOTSUPP on macOS.
    private const int NoSuchDevice = 6;
    private const int NotSupportedOnSocket = 102;

    public static SocketFile Identify(string path) => FileStat.OfLink(path) is { } file
        ? new SocketFile(file.Device, file.Inode, 0, file.Modified)
        : new SocketFile(0, 0, File.GetCreationTimeUtc(path).Ticks, File.GetLastWriteTimeUtc(path).Ticks);

    /// <summary>Returns whether the path is a socket. Sockets are the only files that exist and cannot be opened.</summary>
    public static bool IsSocket(string path)
    {
        if (FileStat.OfLink(path) is { } file)
        {
            return file.IsSocket;
        }

        if (OperatingSystem.IsWindows())
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;
        }

        try
        {
            // With read and write access, opening a named pipe does not wait for its other end.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (IOException e) when (e.HResult is NoSuchDevice or NotSupportedOnSocket)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
