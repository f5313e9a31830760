namespace Orchard.Protocol.Sockets;

/// <summary>Identity of the file of a bound unix socket.</summary>
/// <remarks>
/// .NET does not expose inode numbers, so the creation and last-write times are used instead. A socket's last-write time is the time of its
/// bind and never changes, so two files bound in succession at the same path differ, unless both were bound within one tick of the file
/// system's clock (some milliseconds).
/// </remarks>
internal readonly record struct SocketFile(DateTime Created, DateTime Written)
{
    // Errors of open(2) for a socket: ENXIO on Linux and macOS, EOPNOTSUPP on macOS.
    private const int NoSuchDevice = 6;
    private const int NotSupportedOnSocket = 102;

    public static SocketFile Identify(string path) => new(File.GetCreationTimeUtc(path), File.GetLastWriteTimeUtc(path));

    /// <summary>Returns whether the path is a socket. Sockets are the only files that exist and cannot be opened.</summary>
    public static bool IsSocket(string path)
    {
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
