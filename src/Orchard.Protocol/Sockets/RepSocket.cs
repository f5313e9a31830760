namespace Orchard.Protocol.Sockets;

/// <summary>
/// Answers requests of any number of REQ peers. Requests run side by side, also those of one connection, so a slow command never
/// delays a cancel behind it; the number under way per connection is capped.
/// </summary>
/// <remarks>See <see cref="RepSession"/> for what happens when a handler throws.</remarks>
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
