namespace Orchard.Protocol.Sockets;

/// <summary>Sends requests and matches replies by id. Thread-safe; many requests may be outstanding, none is ever resent.</summary>
internal sealed class ReqSocket : IAsyncDisposable
{
    /// <summary>Completes, never faults, when the connection is over.</summary>
    public Task<ConnectionEnd> Completion => throw new NotImplementedException();

    public static Task<ReqSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Sends a request and waits for its reply. Cancelling forgets the request; its late reply is discarded.</summary>
    /// <exception cref="ConnectionClosedException">The connection ended first: whether the request was carried out is unknown.</exception>
    public Task<byte[]> RequestAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
