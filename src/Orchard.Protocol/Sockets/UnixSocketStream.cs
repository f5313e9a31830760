using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>The stream of a connected unix socket, which it owns.</summary>
/// <remarks>
/// On a thread of its own (<see cref="OwnThread"/>) a read waits in the kernel, and the bytes that come wake that very thread. Any other
/// read waits as a <see cref="NetworkStream"/> does: bytes wake the runtime's polling thread, and that one wakes a thread of the pool.
/// </remarks>
internal sealed class UnixSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    // Windows completes reads on the pool directly.
    private static bool MayWait => OwnThread.IsCurrent && !OperatingSystem.IsWindows();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        MayWait ? Wait(buffer, cancellationToken) : base.ReadAsync(buffer, cancellationToken);

    private ValueTask<int> Wait(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            // Not a blocking receive: the runtime makes a socket that ever waited for a write a non-blocking one.
            using (cancellationToken.UnsafeRegister(static socket => Wake((Socket)socket!), Socket))
            {
                Socket.Poll(Timeout.Infinite, SelectMode.SelectRead);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    // Ends the connection, which a cancelled read does anyway: nobody can tell what it has taken.
    private static void Wake(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster, and that wakes as well.
        }
    }
}
