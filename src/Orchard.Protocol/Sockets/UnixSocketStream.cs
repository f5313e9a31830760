using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchard.Protocol.Sockets;

/// <summary>The stream of a connected unix socket, which it owns.</summary>
/// <remarks>
/// On a dedicated thread (<see cref="OwnThread"/>) a read waits in the kernel, and incoming bytes wake that thread directly. Otherwise a
/// read works as in <see cref="NetworkStream"/>: incoming bytes wake the runtime's polling thread, which wakes a thread of the pool.
/// </remarks>
internal sealed class UnixSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    // Well below the kernel's limit of 1024 buffers per system call.
    private const int MaxBuffers = 64;

    /// <summary>The process that connected, or the one that listens at the other end.</summary>
    public PeerProcess Peer { get; } = UnixPeer.Process(socket);

    // Windows completes reads on the thread pool directly.
    private static bool MayWait => OwnThread.IsCurrent && !OperatingSystem.IsWindows();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        MayWait ? Wait(buffer, cancellationToken) : base.ReadAsync(buffer, cancellationToken);

    /// <summary>Writes several buffers without copying them together first, with one system call if the kernel accepts all bytes.</summary>
    /// <remarks>Cancellation shuts the connection down, since it is unknown how many bytes were written.</remarks>
    /// <exception cref="IOException">Writing failed.</exception>
    public async ValueTask GatherAsync(ReadOnlyMemory<byte> head, ReadOnlySequence<byte> rest, CancellationToken cancellationToken)
    {
        var buffers = new List<ArraySegment<byte>>(4);
        Add(buffers, head);
        foreach (ReadOnlyMemory<byte> segment in rest)
        {
            Add(buffers, segment);
            if (buffers.Count == MaxBuffers)
            {
                await SendAsync(buffers, cancellationToken).ConfigureAwait(false);
                buffers.Clear();
            }
        }

        if (buffers.Count > 0)
        {
            await SendAsync(buffers, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Add(List<ArraySegment<byte>> buffers, ReadOnlyMemory<byte> memory)
    {
        if (!memory.IsEmpty)
        {
            buffers.Add(MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> array) ? array : memory.ToArray());
        }
    }

    private async ValueTask SendAsync(List<ArraySegment<byte>> buffers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            Task<int> sending = Socket.SendAsync(buffers, SocketFlags.None);
            if (!sending.IsCompleted)
            {
                using (cancellationToken.UnsafeRegister(static socket => Shutdown((Socket)socket!), Socket))
                {
                    await sending.ConfigureAwait(false);
                    return;
                }
            }

            await sending.ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new IOException($"Writing to the socket failed: {e.Message}", e);
        }
    }

    private ValueTask<int> Wait(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            // Polls instead of a blocking receive, because the runtime makes a socket non-blocking once a write had to wait.
            using (cancellationToken.UnsafeRegister(static socket => Shutdown((Socket)socket!), Socket))
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

    // Ends the connection, which is acceptable: after a cancelled read or write the position in the stream is unknown.
    private static void Shutdown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer closed the connection first, which ends the wait too.
        }
    }
}
