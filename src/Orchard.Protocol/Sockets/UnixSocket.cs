using System.Net.Sockets;
using System.Text;

namespace Orchard.Protocol.Sockets;

/// <summary>Unix-domain stream sockets by path.</summary>
internal static class UnixSocket
{
    /// <summary>Longest usable path in UTF-8 bytes: the address field without its closing NUL.</summary>
    public static int MaxPathBytes => OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() || OperatingSystem.IsWindows() ? 107 : 103;

    /// <summary>Throws when <paramref name="path"/> does not fit the platform's socket address.</summary>
    /// <exception cref="ArgumentException">The path is too long; the message has its length in bytes and the limit. Or it is empty, or has a NUL.</exception>
    public static void ValidatePath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A socket path cannot contain a NUL character.", nameof(path));
        }

        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxPathBytes)
        {
            throw new ArgumentException(
                $"The socket path '{path}' is {bytes} bytes long; this platform allows {MaxPathBytes}. Choose a shorter folder for the sockets.",
                nameof(path));
        }
    }

    /// <summary>Connects to whoever listens on <paramref name="path"/>.</summary>
    /// <returns>A stream that owns the connection.</returns>
    /// <exception cref="ArgumentException">The path does not fit a socket address.</exception>
    /// <exception cref="SocketException">Nobody listens there, or the listener's backlog is full.</exception>
    public static async Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        ValidatePath(path);
        Socket socket = Create();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new UnixSocketStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static Socket Create() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
