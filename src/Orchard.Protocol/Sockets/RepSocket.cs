namespace Orchard.Protocol.Sockets;

/// <summary>
/// Answers requests from any number of REQ peers. Requests run concurrently, even on one connection, so that a slow command does not
/// delay a cancellation behind it. The number of pending requests per connection is limited.
/// </summary>
/// <remarks>See <see cref="RepSession"/> for handlers that throw.</remarks>
internal sealed class RepSocket(SpRequestHandler handler, SpOptions options) : ISpServer
{
    public SpProtocol Protocol => SpProtocol.Rep;

    public async Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, Protocol, options, cancellationToken);
        await using (connection.ConfigureAwait(false))
        {
            if (await connection.NegotiateAsync().ConfigureAwait(false) is { } refused)
            {
                return refused;
            }

            var session = new RepSession(connection, handler);
            await using (session.ConfigureAwait(false))
            {
                return await connection.ReadAsync(session.OnRequestAsync).ConfigureAwait(false);
            }
        }
    }
}
