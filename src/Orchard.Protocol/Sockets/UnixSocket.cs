using System.Net.Sockets;
using System.Text;

namespace Orchard.Protocol.Sockets;

/// <summary>Creates unix-domain stream sockets.</summary>
internal static class UnixSocket
{
    /// <summary>Length of the longest valid path in UTF-8 bytes: the size of the address field without its terminating NUL.</summary>
    public static int MaxPathBytes => OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() || OperatingSystem.IsWindows() ? 107 : 103;

    /// <summary>Throws if <paramref name="path"/> is not a valid socket path.</summary>
    /// <exception cref="ArgumentException">
    /// The path is empty, contains a NUL or is too long. The message contains its length and the limit.
    /// </exception>
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
                $"The socket path '{path}' is {bytes} bytes long; this platform allows {MaxPathBytes}. Use a folder with a shorter path.",
                nameof(path));
        }
    }

    /// <summary>Connects to the listener on <paramref name="path"/>, which must be a process of this user. Sends nothing.</summary>
    /// <returns>A stream that owns the connection.</returns>
    /// <exception cref="ForeignUserException">The listener is a process of another user, which includes root.</exception>
    /// <exception cref="ArgumentException">The path is not a valid socket path.</exception>
    /// <exception cref="SocketException">There is no listener, or its backlog is full.</exception>
    public static Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken) =>
        ConnectAsync(path, UnixPeer.OwnUserId, cancellationToken);

    /// <summary>Connects to the listener on <paramref name="path"/>, which must be a process of a certain user. Sends nothing.</summary>
    /// <param name="path">The socket file.</param>
    /// <param name="user">The user; null for any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<Stream> ConnectAsync(string path, uint? user, CancellationToken cancellationToken)
    {
        ValidatePath(path);
        Socket socket = Create();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            if (user is { } expected && UnixPeer.UserId(socket) is { } listener && listener != expected)
            {
                throw new ForeignUserException(path, listener, expected);
            }

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
