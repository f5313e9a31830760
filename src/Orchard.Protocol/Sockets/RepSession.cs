using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>The pending requests of one connection of a <see cref="RepSocket"/>.</summary>
/// <remarks>
/// If a handler throws, its request gets no reply, and the protocol has no error reply. The other requests of the connection are still
/// answered. When none is pending, the connection ends as faulted with that exception, so that the requester does not wait forever.
/// </remarks>
internal sealed class RepSession(SpConnection connection, SpRequestHandler handler) : IAsyncDisposable
{
    /// <summary>Most pending requests of one connection. At the limit reading pauses.</summary>
    public const int MaxConcurrentRequests = 64;

    private const int WordBytes = 4;
    private const int MaxBacktraceWords = 8;

    private readonly SemaphoreSlim _slots = new(MaxConcurrentRequests, MaxConcurrentRequests);
    private int _pending;
    private Exception? _failure;

    /// <summary>Starts answering a request, after waiting for a free slot if necessary.</summary>
    /// <exception cref="WireException">The request has no id.</exception>
    public async ValueTask OnRequestAsync(ReadOnlySequence<byte> message)
    {
        if (!TryReadBacktrace(message, out int backtraceBytes))
        {
            return;
        }

        await _slots.WaitAsync(connection.Closing).ConfigureAwait(false);
        Interlocked.Increment(ref _pending);

        // The read loop reuses its buffers for the next message, so the request is copied.
        byte[] copy = ArrayPool<byte>.Shared.Rent((int)message.Length);
        message.CopyTo(copy);
        Memory<byte> request = copy.AsMemory(0, (int)message.Length);
        _ = Task.Run(() => AnswerAsync(copy, request[..backtraceBytes], request[backtraceBytes..]), CancellationToken.None);
    }

    /// <summary>Waits until no request is pending. Call after the connection has stopped reading.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int slot = 0; slot < MaxConcurrentRequests; slot++)
        {
            await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _slots.Dispose();
    }

    // Never throws. DisposeAsync waits for it through its slot.
    private async Task AnswerAsync(byte[] rented, ReadOnlyMemory<byte> backtrace, ReadOnlyMemory<byte> request)
    {
        try
        {
            ReadOnlyMemory<byte> reply = await handler(new ReadOnlySequence<byte>(request), connection.Closing).ConfigureAwait(false);
            await connection.SendAsync(backtrace, new ReadOnlySequence<byte>(reply), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception) when (connection.Closing.IsCancellationRequested)
        {
            // The connection has ended and recorded the reason, so there is nobody to answer.
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }

        ArrayPool<byte>.Shared.Return(rented);
        if (Interlocked.Decrement(ref _pending) == 0 && Volatile.Read(ref _failure) is { } failure)
        {
            connection.Close(new ConnectionEnd(ConnectionEndReason.Faulted, failure));
        }

        _slots.Release();
    }

    // Every device on the way of a request prepends one word. The request id is the first word with the high bit set.
    private static bool TryReadBacktrace(ReadOnlySequence<byte> message, out int bytes)
    {
        var reader = new SequenceReader<byte>(message);
        bytes = 0;
        for (int word = 0; word < MaxBacktraceWords; word++)
        {
            if (reader.Remaining < WordBytes)
            {
                throw new WireException($"The peer sent a request of {message.Length} bytes without a request id.");
            }

            reader.TryPeek(out byte first);
            reader.Advance(WordBytes);
            bytes += WordBytes;
            if ((first & 0x80) != 0)
            {
                return true;
            }
        }

        // So many hops mean a loop of devices. Other implementations drop such requests too.
        return false;
    }
}
