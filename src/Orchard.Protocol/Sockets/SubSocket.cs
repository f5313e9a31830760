namespace Orchard.Protocol.Sockets;

/// <summary>Receives every message a PUB socket publishes, in order. Filtering by topic is the handler's.</summary>
internal sealed class SubSocket : IAsyncDisposable
{
    /// <summary>Completes, never faults, when the connection is over and the handler has returned for the last time.</summary>
    public Task<ConnectionEnd> Completion => throw new NotImplementedException();

    /// <summary>Exchanges headers over <paramref name="stream"/>, which the socket then owns, and starts the read loop.</summary>
    public static Task<SubSocket> OpenAsync(Stream stream, SpMessageHandler handler, SpOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
