using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>Sends messages one way over one connection. Thread-safe.</summary>
internal sealed class PushSocket : IAsyncDisposable
{
    private readonly SpConnection _connection;

    private PushSocket(SpConnection connection)
    {
        _connection = connection;

        // A PULL peer has nothing to say; reading notices its end. Read elsewhere, the socket would wake the runtime's polling thread
        // whenever the peer has made room.
        Completion = OwnThread.RunAsync("Orchard PUSH", () => connection.RunAsync(static _ => ValueTask.CompletedTask));
    }

    /// <summary>Completes, never faults, when the connection is over.</summary>
    public Task<ConnectionEnd> Completion { get; }

    /// <summary>Exchanges headers over <paramref name="stream"/>, which the socket then owns (also when this throws).</summary>
    /// <exception cref="WireException">The peer is not a PULL socket.</exception>
    /// <exception cref="IOException">The peer went away, or sent no header in time.</exception>
    public static async Task<PushSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        new(await SpConnection.OpenAsync(stream, SpProtocol.Push, options, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Writes one message. Cancellation counts until the first byte is written; from then on the message is finished, so that the
    /// stream stays whole. A peer that does not read makes this wait until the socket is disposed.
    /// </summary>
    /// <remarks>Success says that the message is on its way, not that the peer has read it.</remarks>
    /// <exception cref="ArgumentException">The message is above <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    /// <exception cref="ConnectionClosedException">The connection is over.</exception>
    public ValueTask SendAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken) =>
        _connection.SendAsync(default, message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await Completion.ConfigureAwait(false);
    }
}
