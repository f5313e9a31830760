using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>The requests under way on one connection of a <see cref="RepSocket"/>.</summary>
/// <remarks>
/// A handler that throws leaves its requester without a reply, and the protocol has no word for that. So the other requests of the
/// connection run to their end and are answered, and once none is under way the connection ends as faulted with that exception:
/// the requester learns that its outcome is unknown instead of waiting for ever.
/// </remarks>
internal sealed class RepSession(SpConnection connection, SpRequestHandler handler) : IAsyncDisposable
{
    /// <summary>Requests under way per connection; beyond, reading pauses.</summary>
    public const int MaxConcurrentRequests = 64;

    private const int WordBytes = 4;
    private const int MaxBacktraceWords = 8;

    private readonly SemaphoreSlim _slots = new(MaxConcurrentRequests, MaxConcurrentRequests);
    private int _underWay;
    private Exception? _failure;

    /// <summary>Starts to answer a request and returns, or waits for a free slot first.</summary>
    /// <exception cref="WireException">The request has no id.</exception>
    public async ValueTask OnRequestAsync(ReadOnlySequence<byte> message)
    {
        if (!TryReadBacktrace(message, out int backtraceBytes))
        {
            return;
        }

        await _slots.WaitAsync(connection.Closing).ConfigureAwait(false);
        Interlocked.Increment(ref _underWay);

        // The read loop moves on, so the request needs bytes of its own.
        byte[] copy = ArrayPool<byte>.Shared.Rent((int)message.Length);
        message.CopyTo(copy);
        Memory<byte> request = copy.AsMemory(0, (int)message.Length);
        _ = Task.Run(() => AnswerAsync(copy, request[..backtraceBytes], request[backtraceBytes..]), CancellationToken.None);
    }

    /// <summary>Waits until no request is under way; the connection no longer reads by then.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int slot = 0; slot < MaxConcurrentRequests; slot++)
        {
            await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _slots.Dispose();
    }

    // Never throws; DisposeAsync waits for it by its slot.
    private async Task AnswerAsync(byte[] rented, ReadOnlyMemory<byte> backtrace, ReadOnlyMemory<byte> request)
    {
        try
        {
            ReadOnlyMemory<byte> reply = await handler(new ReadOnlySequence<byte>(request), connection.Closing).ConfigureAwait(false);
            await connection.SendAsync(backtrace, new ReadOnlySequence<byte>(reply), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception) when (connection.Closing.IsCancellationRequested)
        {
            // Nobody is left to answer, and the connection's end has its reason.
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }

        ArrayPool<byte>.Shared.Return(rented);
        if (Interlocked.Decrement(ref _underWay) == 0 && Volatile.Read(ref _failure) is { } failure)
        {
            connection.Close(new ConnectionEnd(ConnectionEndReason.Faulted, failure));
        }

        _slots.Release();
    }

    // Each device a request passed put a word in front of the id; the id is the first word with the high bit set.
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

        // More hops than any sane topology has: a loop of devices. Dropped, as other implementations do.
        return false;
    }
}
