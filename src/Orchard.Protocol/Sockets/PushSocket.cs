using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>Sends messages one way over one connection. Thread-safe.</summary>
internal sealed class PushSocket : IAsyncDisposable
{
    /// <summary>Completes, never faults, when the connection is over.</summary>
    public Task<ConnectionEnd> Completion => throw new NotImplementedException();

    /// <summary>Exchanges headers over <paramref name="stream"/>, which the socket then owns (also when this throws).</summary>
    /// <exception cref="WireException">The peer is not a PULL socket.</exception>
    /// <exception cref="IOException">The peer went away.</exception>
    public static Task<PushSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Writes one message. Cancellation counts until the first byte is written; from then on the message is finished, so that the
    /// stream stays whole.
    /// </summary>
    /// <exception cref="ConnectionClosedException">The connection is over.</exception>
    public ValueTask SendAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
