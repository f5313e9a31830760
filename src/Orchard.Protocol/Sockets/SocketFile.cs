namespace Orchard.Protocol.Sockets;

/// <summary>The file of a bound unix socket, seen through the framework's file API.</summary>
/// <remarks>
/// The framework shows no inode number. Creation and last-write time stand in for it: a socket's last-write time is the moment of
/// its bind and nothing changes it later, so two files bound one after the other at the same path differ (unless both were bound
/// within one tick of the file system's clock, some milliseconds).
/// </remarks>
internal readonly record struct SocketFile(DateTime Created, DateTime Written)
{
    // ENXIO on Linux and macOS; EOPNOTSUPP on macOS: what open(2) says of a socket.
    private const int NoSuchDevice = 6;
    private const int NotSupportedOnSocket = 102;

    public static SocketFile Identify(string path) => new(File.GetCreationTimeUtc(path), File.GetLastWriteTimeUtc(path));

    /// <summary>Whether the path surely holds a socket. A socket is the one kind of file that exists and cannot be opened.</summary>
    public static bool IsSocket(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;
        }

        try
        {
            // Read and write: opening a named pipe that way does not wait for its other end.
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
