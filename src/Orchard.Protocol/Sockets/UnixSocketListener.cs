namespace Orchard.Protocol.Sockets;

/// <summary>Listens on a socket file and serves each connection with one <see cref="ISpServer"/>.</summary>
internal sealed class UnixSocketListener : IAsyncDisposable
{
    /// <summary>
    /// Binds <paramref name="path"/> with mode 0600 and starts to accept. A socket file nobody listens on is replaced.
    /// </summary>
    /// <param name="path">The socket file.</param>
    /// <param name="server">Serves the connections.</param>
    /// <param name="onConnectionEnd">Called after each connection, for logs.</param>
    /// <exception cref="IOException">Somebody listens there already, or the path holds something that is not a socket.</exception>
    public static UnixSocketListener Start(string path, ISpServer server, Action<ConnectionEnd>? onConnectionEnd = null) =>
        throw new NotImplementedException();

    /// <summary>Stops accepting, closes every connection and waits for their ends; removes the socket file if it is still ours.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
