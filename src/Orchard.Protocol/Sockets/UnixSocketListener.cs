using System.Net.Sockets;
using Orchard.Protocol.Files;

namespace Orchard.Protocol.Sockets;

/// <summary>Listens on a socket file and serves all connections with one <see cref="ISpServer"/>.</summary>
internal sealed class UnixSocketListener : IAsyncDisposable
{
    // Many processes may connect at once, and connecting to a unix socket with a full backlog fails instead of waiting.
    private const int Backlog = 512;

    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly Socket _socket;
    private readonly ISpServer _server;
    private readonly Action<ConnectionEnd>? _onConnectionEnd;
    private readonly SocketFile _file;
    private readonly uint? _userId;

    // Never disposed: it owns no timer or handle, and a second DisposeAsync cancels it again.
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private UnixSocketListener(string path, Socket socket, ISpServer server, Action<ConnectionEnd>? onConnectionEnd)
    {
        _path = path;
        _socket = socket;
        _server = server;
        _onConnectionEnd = onConnectionEnd;
        _file = SocketFile.Identify(path);
        _userId = UnixPeer.OwnUserId;
        _running = Task.Run(RunAsync);
    }

    /// <summary>
    /// Binds <paramref name="path"/> with mode 0600 and starts accepting connections. Replaces a socket file without a listener.
    /// </summary>
    /// <remarks>
    /// Two processes that start on the same path concurrently can replace each other's file, so callers must hold a lock
    /// (<see cref="EngineRoot.InstanceLockFile"/>). Connections from other users except root are rejected where the operating
    /// system reports users.
    /// </remarks>
    /// <param name="path">The socket file. Its folder must exist.</param>
    /// <param name="server">Serves the connections.</param>
    /// <param name="onConnectionEnd">Called after each connection, for logging, from any thread. Must not throw.</param>
    /// <exception cref="ArgumentException">The path is not a valid socket path.</exception>
    /// <exception cref="SocketInUseException">There is another listener.</exception>
    /// <exception cref="IOException">The path is not a socket, or it cannot be bound.</exception>
    public static UnixSocketListener Start(string path, ISpServer server, Action<ConnectionEnd>? onConnectionEnd = null)
    {
        UnixSocket.ValidatePath(path);
        Socket socket = Bind(path);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // Nobody can connect before Listen, so the file is never accessible to other users, regardless of the umask.
                File.SetUnixFileMode(path, PrivateFile.Mode);
            }

            socket.Listen(Backlog);
            return new UnixSocketListener(path, socket, server, onConnectionEnd);
        }
        catch
        {
            File.Delete(path);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Stops accepting, closes all connections, waits for their end, and deletes the socket file if it is still the bound one.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the socket file if it is still the bound one, and does nothing else: for a process that exits without waiting for
    /// <see cref="DisposeAsync"/>.
    /// </summary>
    public void RemoveFile()
    {
        try
        {
            if (SocketFile.Identify(_path) == _file)
            {
                File.Delete(_path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next listener replaces a stale file.
        }
    }

    private static Socket Bind(string path)
    {
        try
        {
            return BindOnce(path);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            RemoveStale(path);
        }
        catch (SocketException e)
        {
            throw new IOException($"Cannot listen on '{path}': {e.Message}.", e);
        }

        try
        {
            return BindOnce(path);
        }
        catch (SocketException e)
        {
            throw new IOException($"Cannot listen on '{path}' even after deleting a stale socket file: {e.Message}.", e);
        }
    }

    private static Socket BindOnce(string path)
    {
        Socket socket = UnixSocket.Create();
        try
        {
            socket.Bind(new SocketPathEndPoint(path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The socket file of a crashed listener stays.
    private static void RemoveStale(string path)
    {
        if (!SocketFile.IsSocket(path))
        {
            throw new IOException(
                $"Cannot listen on '{path}': it exists and is not a socket. Move or delete it, then start the engine again.");
        }

        if (HasListener(path))
        {
            throw new SocketInUseException(path);
        }

        File.Delete(path);
    }

    private static bool HasListener(string path)
    {
        using Socket probe = UnixSocket.Create();
        try
        {
            // A blocking connect would hang on a listener that does not accept connections.
            probe.Blocking = false;
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    private async Task RunAsync()
    {
        var connections = new HashSet<Task>();
        await AcceptLoopAsync(connections).ConfigureAwait(false);

        // The file is deleted while the socket still listens, since a successor takes over the path only if nothing listens there.
        RemoveFile();
        _socket.Dispose();
        await Task.WhenAll(connections).ConfigureAwait(false);
    }

    private async Task AcceptLoopAsync(HashSet<Task> connections)
    {
        try
        {
            while (true)
            {
                Socket? accepted = await TryAcceptAsync().ConfigureAwait(false);
                connections.RemoveWhere(connection => connection.IsCompleted);
                if (accepted is null)
                {
                    await Task.Delay(AcceptRetryDelay, TimeProvider.System, _stopping.Token).ConfigureAwait(false);
                    continue;
                }

                // On the thread pool, so that a handler that runs synchronously does not delay the next connection.
                connections.Add(Task.Run(() => ServeAsync(accepted), CancellationToken.None));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The peer has already disconnected, or the process has run out of file descriptors.
            return null;
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        ConnectionEnd end;
        if (UnixPeer.UserId(accepted) is var peer && UnixPeer.MayConnect(peer, _userId))
        {
            end = await _server.ServeAsync(new UnixSocketStream(accepted), _stopping.Token).ConfigureAwait(false);
        }
        else
        {
            accepted.Dispose();
            end = new ConnectionEnd(
                ConnectionEndReason.Violated,
                new UnauthorizedAccessException($"User {peer} tried to connect to a socket of user {_userId}."));
        }

        _onConnectionEnd?.Invoke(end);
    }

}
