using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Sends requests to one REP peer and matches replies by id. Thread-safe. Any number of requests may be pending; none is resent.
/// </summary>
internal sealed class ReqSocket : IAsyncDisposable
{
    private const uint IdBit = 0x8000_0000;

    private readonly SpConnection _connection;

    // A null reply means that the connection ended.
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<byte[]?>> _pending = new();
    private uint _lastId = (uint)Random.Shared.Next();

    private ReqSocket(SpConnection connection)
    {
        _connection = connection;
        Completion = Task.Run(ReadRepliesAsync);
    }

    /// <summary>Completes when the connection has ended. Never faults.</summary>
    public Task<ConnectionEnd> Completion { get; }

    /// <summary>Exchanges headers over <paramref name="stream"/>. The socket owns the stream, even if this method throws.</summary>
    /// <exception cref="WireException">The peer is not a REP socket.</exception>
    /// <exception cref="IOException">The peer disconnected, or sent no header in time.</exception>
    public static async Task<ReqSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        new(await SpConnection.OpenAsync(stream, SpProtocol.Req, options, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends a request and waits for its reply. After cancellation a late reply is discarded.</summary>
    /// <exception cref="ArgumentException">The request is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    /// <exception cref="ConnectionClosedException">The connection ended first. Whether the request was processed is unknown.</exception>
    public async Task<byte[]> RequestAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        uint id = Register(reply);
        try
        {
            byte[] prefix = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(prefix, id);
            await _connection.SendAsync(prefix, new ReadOnlySequence<byte>(request), cancellationToken).ConfigureAwait(false);
            return await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new ConnectionClosedException(await _connection.Ended.ConfigureAwait(false));
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await Completion.ConfigureAwait(false);
    }

    private uint Register(TaskCompletionSource<byte[]?> reply)
    {
        while (true)
        {
            uint id = Interlocked.Increment(ref _lastId) | IdBit;
            if (_pending.TryAdd(id, reply))
            {
                return id;
            }
        }
    }

    private async Task<ConnectionEnd> ReadRepliesAsync()
    {
        ConnectionEnd end = await _connection.RunAsync(OnReply).ConfigureAwait(false);

        // The connection is closed: requests registered after this fail to send, earlier ones are completed here.
        foreach (TaskCompletionSource<byte[]?> reply in _pending.Values)
        {
            reply.TrySetResult(null);
        }

        return end;
    }

    private ValueTask OnReply(ReadOnlySequence<byte> message)
    {
        if (message.Length < sizeof(uint))
        {
            throw new WireException($"The peer sent a reply of {message.Length} bytes, too short for a request id.");
        }

        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        message.Slice(0, sizeof(uint)).CopyTo(prefix);

        // An unknown id belongs to the late reply of a cancelled request.
        if (_pending.TryRemove(BinaryPrimitives.ReadUInt32BigEndian(prefix), out TaskCompletionSource<byte[]?>? reply))
        {
            reply.TrySetResult(message.Slice(sizeof(uint)).ToArray());
        }

        return ValueTask.CompletedTask;
    }
}
