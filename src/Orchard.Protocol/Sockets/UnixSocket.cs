namespace Orchard.Protocol.Sockets;

/// <summary>Unix-domain stream sockets by path.</summary>
internal static class UnixSocket
{
    /// <summary>Throws when <paramref name="path"/> does not fit the platform's socket address.</summary>
    /// <exception cref="ArgumentException">The path is too long; the message has its length in bytes and the limit.</exception>
    public static void ValidatePath(string path) => throw new NotImplementedException();

    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    public static Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();
}
