using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>Listens on a socket file and serves each connection with one <see cref="ISpServer"/>.</summary>
internal sealed class UnixSocketListener : IAsyncDisposable
{
    // A hundred processes may connect at once, and a unix connect does not wait when the backlog is full: it fails.
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
        _userId = UnixPeer.UserId(socket);
        _running = Task.Run(RunAsync);
    }

    /// <summary>
    /// Binds <paramref name="path"/> with mode 0600 and starts to accept. A socket file nobody listens on is replaced.
    /// </summary>
    /// <remarks>
    /// Two processes that start on one path at the same moment can replace each other's file: callers hold a lock of their own
    /// (<see cref="EngineRoot.InstanceLockFile"/>). On Linux peers of other users, root excepted, are turned away.
    /// </remarks>
    /// <param name="path">The socket file. Its folder must exist.</param>
    /// <param name="server">Serves the connections.</param>
    /// <param name="onConnectionEnd">Called after each connection, for logs, from many threads. Must not throw.</param>
    /// <exception cref="ArgumentException">The path does not fit a socket address.</exception>
    /// <exception cref="IOException">Somebody listens there already, the path holds something that is not a socket, or it cannot be bound.</exception>
    public static UnixSocketListener Start(string path, ISpServer server, Action<ConnectionEnd>? onConnectionEnd = null)
    {
        UnixSocket.ValidatePath(path);
        Socket socket = Bind(path);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // Before Listen nobody can connect, so the file is never open to others, whatever the umask.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
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

    /// <summary>Stops accepting, closes every connection and waits for their ends; removes the socket file if it is still ours.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
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
            throw new IOException($"Cannot listen on '{path}', also after a stale socket file was removed: {e.Message}.", e);
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

    // A socket file outlives a listener that crashed.
    private static void RemoveStale(string path)
    {
        if (!SocketFile.IsSocket(path))
        {
            throw new IOException($"Cannot listen on '{path}': something that is not a socket is in the way. Move it away first.");
        }

        if (SomebodyListens(path))
        {
            throw new IOException($"Cannot listen on '{path}': another engine listens there already.");
        }

        File.Delete(path);
    }

    private static bool SomebodyListens(string path)
    {
        using Socket probe = UnixSocket.Create();
        try
        {
            // A blocking connect would wait for a listener that is alive but accepts nobody.
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

        // The file goes while we still listen: a successor takes the path only from a listener that no longer answers.
        RemoveOwnFile();
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

                // On the pool: a handler that never waits must not keep the next peer from being accepted.
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
            // The peer left already, or the process is out of file descriptors for now.
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
                ConnectionEndReason.Violated, new UnauthorizedAccessException($"User {peer} tried to connect to a socket of user {_userId}."));
        }

        _onConnectionEnd?.Invoke(end);
    }

    private void RemoveOwnFile()
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
}
