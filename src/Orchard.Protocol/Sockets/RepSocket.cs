namespace Orchard.Protocol.Sockets;

/// <summary>
/// Answers requests from any number of REQ peers. Requests run concurrently, even on one connection, so that a slow command does not
/// delay a cancellation behind it. The number of pending requests per connection is limited.
/// </summary>
/// <remarks>See <see cref="RepSession"/> for handlers that throw.</remarks>
internal sealed class RepSocket : ISpServer
{
    private readonly Func<PeerProcess, SpRequestHandler> _accept;
    private readonly SpOptions _options;

    /// <param name="handler">Answers the requests of all connections.</param>
    /// <param name="options">Limits.</param>
    public RepSocket(SpRequestHandler handler, SpOptions options)
        : this(options, _ => handler)
    {
    }

    private RepSocket(SpOptions options, Func<PeerProcess, SpRequestHandler> accept)
    {
        _accept = accept;
        _options = options;
    }

    public SpProtocol Protocol => SpProtocol.Rep;

    /// <summary>Creates a socket whose handlers know the process that sent a request.</summary>
    /// <param name="accept">Returns the handler of one connection.</param>
    /// <param name="options">Limits.</param>
    public static RepSocket ForPeers(Func<PeerProcess, SpRequestHandler> accept, SpOptions options) => new(options, accept);

    public async Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, Protocol, _options, cancellationToken);
        await using (connection.ConfigureAwait(false))
        {
            if (await connection.NegotiateAsync().ConfigureAwait(false) is { } refused)
            {
                return refused;
            }

            var session = new RepSession(connection, _accept(connection.Peer));
            await using (session.ConfigureAwait(false))
            {
                return await connection.ReadAsync(session.OnRequestAsync).ConfigureAwait(false);
            }
        }
    }
}
