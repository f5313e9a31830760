namespace Orchard.Protocol.Sockets;

/// <summary>Receives every message a PUB socket publishes, in order. Filtering by topic is the handler's.</summary>
internal sealed class SubSocket : IAsyncDisposable
{
    private readonly SpConnection _connection;

    private SubSocket(SpConnection connection, Task<ConnectionEnd> completion)
    {
        _connection = connection;
        Completion = completion;
    }

    /// <summary>Completes, never faults, when the connection is over and the handler has returned for the last time.</summary>
    public Task<ConnectionEnd> Completion { get; }

    /// <summary>Exchanges headers over <paramref name="stream"/>, which the socket then owns, and starts the read loop.</summary>
    /// <remarks>
    /// When this returns, a <see cref="PubSocket"/> already counts us in: what it publishes from then on arrives. (Other
    /// implementations of PUB may start a moment later.)
    /// </remarks>
    /// <exception cref="WireException">The peer is not a PUB socket.</exception>
    /// <exception cref="IOException">The peer went away, or sent no header in time.</exception>
    public static async Task<SubSocket> OpenAsync(
        Stream stream, SpMessageHandler handler, SpOptions options, CancellationToken cancellationToken)
    {
        var opened = new TaskCompletionSource<SpConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ConnectionEnd> completion = OwnThread.RunAsync("Orchard SUB", () => RunAsync(stream, handler, options, opened, cancellationToken));
        return new SubSocket(await opened.Task.ConfigureAwait(false), completion);
    }

    /// <summary>Closes the connection and waits for the handler to return. Must not be awaited inside the handler.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await Completion.ConfigureAwait(false);
    }

    // One thread for all that is read: a socket that is read elsewhere as well wakes the runtime's polling thread with every message.
    private static async Task<ConnectionEnd> RunAsync(
        Stream stream, SpMessageHandler handler, SpOptions options, TaskCompletionSource<SpConnection> opened, CancellationToken cancellationToken)
    {
        SpConnection connection;
        try
        {
            connection = await SpConnection.OpenAsync(stream, SpProtocol.Sub, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            opened.SetException(e);
            return new ConnectionEnd(ConnectionEndReason.Faulted, e); // heard by who opened it
        }

        opened.SetResult(connection);
        return await connection.RunAsync(handler).ConfigureAwait(false);
    }
}
