using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchard.Protocol.Sockets;

/// <summary>The stream of a connected unix socket, which it owns.</summary>
/// <remarks>
/// On a dedicated thread (<see cref="OwnThread"/>, <see cref="LeaderFollower"/>) a read waits in the kernel, and incoming bytes wake that
/// thread directly. Otherwise a read works as in <see cref="NetworkStream"/>: incoming bytes wake the runtime's polling thread, which wakes
/// a thread of the pool.
/// </remarks>
internal sealed class UnixSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true), IBlockingReader
{
    // Well below the kernel's limit of 1024 buffers per system call.
    private const int MaxBuffers = 64;

    // About what it takes to wake a thread up twice. With one processor, spinning would keep the sender from running.
    private static readonly TimeSpan Brief = TimeSpan.FromMicroseconds(Environment.ProcessorCount > 1 ? 100 : 0);

    private TimeSpan _lastWait = TimeSpan.MaxValue; // used by the one reader

    /// <summary>The process that connected, or the one that listens at the other end.</summary>
    public PeerProcess Peer { get; } = UnixPeer.Process(socket);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows())
        {
            return base.ReadAsync(buffer, cancellationToken); // completes on the thread pool directly
        }

        if (LeaderFollower.Current is { } threads)
        {
            return threads.ReadAsync(this, buffer, cancellationToken);
        }

        return OwnThread.IsCurrent
            ? ((IBlockingReader)this).ReadBlockingAsync(buffer, cancellationToken)
            : base.ReadAsync(buffer, cancellationToken);
    }

    public int WaitAndRead(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Polls instead of a blocking receive, because the runtime makes a socket non-blocking once a write had to wait.
        using (cancellationToken.UnsafeRegister(static socket => Shutdown((Socket)socket!), Socket))
        {
            WaitToRead();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Read(buffer.Span);
    }

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

    // Waking a thread takes tens of microseconds, because its processor may sleep too. So a wait begins with spinning if the last one was
    // not much longer than that. An engine that computes tokens answers more slowly, so nobody spins while it needs the processors.
    private void WaitToRead()
    {
        long start = Stopwatch.GetTimestamp();
        if (_lastWait < Brief)
        {
            while (Stopwatch.GetElapsedTime(start) < Brief)
            {
                if (Socket.Poll(0, SelectMode.SelectRead))
                {
                    _lastWait = Stopwatch.GetElapsedTime(start);
                    return;
                }
            }
        }

        Socket.Poll(Timeout.Infinite, SelectMode.SelectRead);
        _lastWait = Stopwatch.GetElapsedTime(start);
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
