using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>Sends messages to one PULL peer. Thread-safe.</summary>
internal sealed class PushSocket : IAsyncDisposable
{
    private readonly SpConnection _connection;

    private PushSocket(SpConnection connection)
    {
        _connection = connection;

        // A PULL peer sends nothing; reading detects the end of the connection. This needs a dedicated thread: a socket that is read on
        // the thread pool wakes the runtime's polling thread whenever the peer has made room for more data.
        Completion = OwnThread.RunAsync("Orchard PUSH", () => connection.RunAsync(static _ => ValueTask.CompletedTask));
    }

    /// <summary>Completes when the connection has ended. Never faults.</summary>
    public Task<ConnectionEnd> Completion { get; }

    /// <summary>Exchanges headers over <paramref name="stream"/>. The socket owns the stream, even if this method throws.</summary>
    /// <exception cref="WireException">The peer is not a PULL socket.</exception>
    /// <exception cref="IOException">The peer disconnected, or sent no header in time.</exception>
    public static async Task<PushSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        new(await SpConnection.OpenAsync(stream, SpProtocol.Push, options, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Writes one message. Cancellation is possible until the first byte is written; after that the message is completed, so that the
    /// stream stays valid. If the peer does not read, this waits until the socket is disposed.
    /// </summary>
    /// <remarks>Success means that the message was written, not that the peer has read it.</remarks>
    /// <exception cref="ArgumentException">The message is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    public ValueTask SendAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken) =>
        _connection.SendAsync(default, message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await Completion.ConfigureAwait(false);
    }
}
